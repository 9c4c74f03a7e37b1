// The pages work without scripts: this one adds copying, and says when an answer takes its time.

document.documentElement.classList.add("js");

const announcement = document.getElementById("announcement");

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Browsers offer the clipboard on https and localhost only; an office network often has neither.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("copying was refused");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const focused = document.activeElement;
  const label = button.dataset.label ??= button.textContent;
  try {
    await copy(button.dataset.copy);
    button.textContent = "已复制";
    announcement.textContent = `已复制：${button.dataset.copy}`;
  } catch {
    button.textContent = announcement.textContent = "请手动复制";
  }
  focused?.focus({ preventScroll: true }); // copying through a text area takes the focus away
  setTimeout(() => {
    button.textContent = label;
    announcement.textContent = "";
  }, 1500);
});

// Slow answers. Only searches: files that are downloaded leave the page where it is.
const SLOW_MS = 300;
const LONGEST_MS = 30_000;
let timers = [];

function settled() {
  timers.forEach(clearTimeout);
  timers = [];
  document.documentElement.classList.remove("searching");
  announcement.textContent = "";
}

function searching() {
  settled();
  const show = () => {
    document.documentElement.classList.add("searching");
    announcement.textContent = "正在检索……";
  };
  timers = [setTimeout(show, SLOW_MS), setTimeout(settled, LONGEST_MS)];
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("form.search") && !event.defaultPrevented) searching();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/?']");
  const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (link && !elsewhere && !event.defaultPrevented) searching();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") settled(); // which stops loading
});
addEventListener("pageshow", settled); // a page that is gone back to may be shown as it was left
