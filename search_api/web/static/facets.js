// Long lists of filters can be looked through by typing.

for (const section of document.querySelectorAll("[data-look-through]")) {
  const more = section.querySelector("details");
  const box = Object.assign(document.createElement("input"), { type: "text", className: "look-through", autocomplete: "off" });
  box.placeholder = "输入文字查找";
  box.setAttribute("aria-label", `在${section.dataset.lookThrough}中查找`);
  section.querySelector("h2").after(box);

  let wasOpen = more.open;
  let narrowed = false;
  box.addEventListener("input", () => {
    const typed = box.value.trim().toLowerCase();
    if (typed && !narrowed) wasOpen = more.open;
    narrowed = Boolean(typed);
    more.open = narrowed || wasOpen;
    section.classList.toggle("narrowed", narrowed);
    for (const line of section.querySelectorAll("li")) {
      line.hidden = !line.querySelector("span").textContent.toLowerCase().includes(typed);
    }
  });
}
