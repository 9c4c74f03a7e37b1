// The page works without this file: it keeps what is being read marked and in view among the contents.
const contents = document.querySelector(".contents");

function show(link) {
  contents.scrollTop = link.offsetTop - contents.clientHeight / 2;
}

const here = contents?.querySelector("[aria-current]");
if (here) show(here);

const links = new Map([...(contents?.querySelectorAll('a[href^="#"]') ?? [])].map((link) => [link.hash.slice(1), link]));
const inView = new Set();

function mark() {
  const first = [...links.keys()].find((id) => inView.has(id));
  if (!first || links.get(first).hasAttribute("aria-current")) return;
  for (const link of links.values()) link.removeAttribute("aria-current");
  links.get(first).setAttribute("aria-current", "location");
  show(links.get(first));
}

const watching = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) inView[isIntersecting ? "add" : "delete"](target.id);
  mark();
}, { rootMargin: "-32px 0px -60% 0px" });
for (const id of links.keys()) watching.observe(document.getElementById(id));
