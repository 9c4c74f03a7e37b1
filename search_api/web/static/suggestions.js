// Suggestions under the search box: a combobox with a list that opens, after the ARIA authoring practices.

const DEBOUNCE_MS = 120;
const REFUSED_MS = 10_000;
const KINDS = { unit: "责任单位", document: "依据文件", phrase: "常用词组", title: "通知" };

const box = document.querySelector(".search input[type=search]");
if (box) suggestFor(box, document.getElementById("announcement"));

function suggestFor(box, announcement) {
  const form = box.form;
  const list = document.createElement("div");
  Object.assign(list, { id: "suggestions", className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "提示");
  form.append(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  let timer;
  let request;
  let options = [];
  let active = -1;
  let refusedUntil = 0;
  let composing = false;

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    options = [];
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    const typed = box.value.trim();
    if (!typed || typed.length > 100 || Date.now() < refusedUntil) return close();
    request?.abort();
    request = new AbortController();
    try {
      const address = `/api/v1/suggestions?${new URLSearchParams({ q: typed })}`;
      const response = await fetch(address, { signal: request.signal });
      if (!response.ok) throw new Error(`${response.status}`);
      const found = await response.json();
      if (document.activeElement === box && !composing) show(found);
    } catch (error) {
      if (error.name === "AbortError") return;
      refusedUntil = Date.now() + REFUSED_MS; // busy, or not allowed: searching works all the same
      close();
    }
  }

  function show(found) {
    if (!found.length) return close();
    const kinds = [...new Set(found.map((one) => one.kind))];
    const groups = kinds.map((kind) => {
      const group = document.createElement("div");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", KINDS[kind] ?? kind);
      const heading = document.createElement("p");
      heading.textContent = KINDS[kind] ?? kind;
      heading.setAttribute("aria-hidden", "true");
      group.append(heading, ...found.filter((one) => one.kind === kind).map(option));
      return group;
    });
    list.replaceChildren(...groups);
    options = [...list.querySelectorAll("[role=option]")];
    options.forEach((one, place) => { one.id = `suggestion-${place}`; });
    active = -1;
    list.hidden = false;
    list.scrollTop = 0;
    box.setAttribute("aria-expanded", "true");
    box.removeAttribute("aria-activedescendant");
    announcement.textContent = `${found.length} 条提示，用上下键选择`;
  }

  function option(one) {
    const link = document.createElement("a");
    Object.assign(link, { href: address(one), tabIndex: -1 });
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    const text = document.createElement("span");
    text.textContent = one.text;
    const count = document.createElement("span");
    count.className = "count";
    count.textContent = `${one.count} 条`;
    link.append(text, count);
    return link;
  }

  // One with filters is asked for exactly; what is filtered already stays.
  function address(one) {
    const asked = new URLSearchParams(new FormData(form));
    const filters = Object.entries(one.filters).flatMap(([name, values]) => values.map((value) => [name, value]));
    asked.set("q", filters.length ? "" : one.text);
    for (const [name, value] of filters) {
      if (!asked.getAll(name).includes(value)) asked.append(name, value);
    }
    return `/?${asked}`;
  }

  function move(to) {
    options[active]?.setAttribute("aria-selected", "false");
    active = (to + options.length) % options.length;
    options[active].setAttribute("aria-selected", "true");
    options[active].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", options[active].id);
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (!composing) timer = setTimeout(ask, DEBOUNCE_MS);
  });
  box.addEventListener("compositionstart", () => {
    composing = true;
    close();
  });
  box.addEventListener("compositionend", () => {
    composing = false;
    clearTimeout(timer);
    timer = setTimeout(ask, DEBOUNCE_MS);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // Safari says 229 for the key that ends a composition
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) return;
      const down = event.key === "ArrowDown";
      move(active < 0 && !down ? options.length - 1 : active + (down ? 1 : -1));
    } else if (event.key === "Enter" && open && active >= 0) {
      options[active].click();
    } else if (event.key === "Escape" && open) {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the box
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
}
