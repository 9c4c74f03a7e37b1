// Keys for reading through hits. What is focused is the current one, so that Tab and Enter work as everywhere.

const SWITCH = "xianli.keys";

const announcement = document.getElementById("announcement");
const dialog = document.getElementById("keys");
const enabled = document.getElementById("use-keys");
const hits = () => [...document.querySelectorAll(".hit")];
const current = () => document.activeElement?.closest(".hit");
const title = (hit) => hit.querySelector("h2 a, h3 a");

// Whether there is a hit to move to.
function move(step) {
  const all = hits();
  const at = all.indexOf(current());
  const hit = all[at < 0 ? firstInView(all) : at + step];
  if (!hit) return false;
  title(hit).focus({ preventScroll: true });
  hit.scrollIntoView({ block: "nearest" });
  return true;
}

function firstInView(all) {
  const found = all.findIndex((hit) => hit.getBoundingClientRect().top >= 0);
  return found < 0 ? all.length - 1 : found;
}

function on(hit, selector) {
  const control = hit?.querySelector(selector);
  if (control) control.click();
  else announcement.textContent = "先用 j 或 k 选一条";
}

const LETTERS = {
  "/": () => document.querySelector(".search input[type=search]")?.select(),
  j: () => move(1),
  k: () => move(-1),
  c: () => on(current(), "button.copy"),
  x: () => on(current(), ".choose input"),
  "?": () => dialog.showModal(),
};
// Arrows scroll, as they do everywhere, until a hit is current.
const ARROWS = {
  ArrowDown: () => Boolean(current()) && move(1),
  ArrowUp: () => Boolean(current()) && move(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (dialog.open || event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const act = ARROWS[event.key] ?? (enabled.checked ? LETTERS[event.key] : undefined);
  if (act && act() !== false) event.preventDefault();
});

// Whoever speaks to the computer, or presses keys by accident, can do without keys of one letter (WCAG 2.1.4).
try {
  enabled.checked = localStorage.getItem(SWITCH) !== "off";
  enabled.addEventListener("change", () => localStorage.setItem(SWITCH, enabled.checked ? "on" : "off"));
} catch {
  // No storage: they are on until the page is left.
}

document.getElementById("show-keys").addEventListener("click", () => dialog.showModal());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // the ground behind it
});
