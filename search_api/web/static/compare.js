// Keeps which items are chosen for comparison from page to page, as long as the window is open.

const KEPT = "xianli.compare";
const MOST = 6;

const announcement = document.getElementById("announcement");
const bar = document.getElementById("compare");
const boxes = () => [...document.querySelectorAll(".choose input")];
let chosen = read();

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function choose(ids) {
  chosen = ids;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(ids));
  } catch {
    // No storage: the choice holds for this page.
  }
  show();
}

function show() {
  for (const box of boxes()) box.checked = chosen.includes(box.value);
  if (!bar) return;
  bar.classList.add("floating");
  bar.hidden = !chosen.length;
  bar.querySelector(".chosen-count").textContent =
    chosen.length === 1 ? "已选 1 条，再选一条就可以比较" : `已选 ${chosen.length} 条`;
  bar.querySelector("button.compare").disabled = chosen.length < 2;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches(".choose input")) return;
  const { checked, value } = event.target;
  if (checked && chosen.length >= MOST) {
    event.target.checked = false;
    announcement.textContent = `最多比较 ${MOST} 条，请先去掉一条`;
    bar?.querySelector(".chosen-count").replaceChildren(`已选 ${MOST} 条，最多 ${MOST} 条`);
    return;
  }
  choose(checked ? [...chosen, value] : chosen.filter((id) => id !== value));
  announcement.textContent = `已选 ${chosen.length} 条`;
});

// Items of other pages are among them, in the order in which they were chosen.
bar?.addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`/compare?${new URLSearchParams(chosen.map((id) => ["id", id]))}`);
});
bar?.querySelector(".clear").addEventListener("click", () => {
  choose([]);
  announcement.textContent = "已清空";
});

// What a comparison shows is what is chosen, also where an item was taken out of it there.
const compared = location.pathname === "/compare" ? new URLSearchParams(location.search).getAll("id") : [];
if (compared.length) {
  const isShown = (id) => document.querySelector(`main a[href="/items/${CSS.escape(id)}"]`);
  choose(compared.filter(isShown).slice(0, MOST));
}
addEventListener("pageshow", () => {
  chosen = read();
  show();
});
