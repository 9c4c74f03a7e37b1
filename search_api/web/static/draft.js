// The draft desk works without scripts: this one says that a draft is being compared, and opens what a number leads to.

const announcement = document.getElementById("announcement");

for (const form of document.querySelectorAll("form.draft-form")) {
  form.addEventListener("submit", (event) => {
    // A Word document is a download: the page stays, and nothing tells when it has come.
    if (event.submitter?.value === "docx") return;
    document.documentElement.classList.add("searching", "working");
    event.submitter.textContent = "正在逐条比对……";
    announcement.textContent = "正在逐条比对，几十条的草稿需要几秒。";
  });
}

// A page that is gone back to may be shown as it was left.
addEventListener("pageshow", () => {
  document.documentElement.classList.remove("searching", "working");
  const button = document.querySelector("form.draft-form .main-button");
  if (button) button.textContent = "比对";
});

// On a narrow screen a long table of contents stands in the way; a wide one has it beside the text.
const contents = document.querySelector(".contents details");
if (contents && matchMedia("(max-width: 60rem)").matches) contents.open = false;

// What a number leads to is in a folded list; not every browser opens it.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".sources a");
  const folded = link && document.querySelector(link.hash)?.closest("details");
  if (folded) folded.open = true;
});
