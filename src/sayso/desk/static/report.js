// Choosing a claim: by its words in the text, or in the list.
import { choose } from "/static/choosing.js";

const text = document.getElementById("text");
const cards = [...document.querySelectorAll("[data-claim]")];

text.addEventListener("click", (event) => {
  const mark = event.target.closest("a[data-claims]");
  if (mark && (document.body.classList.contains("selecting") || !getSelection().isCollapsed)) return event.preventDefault();
  if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(decodeURIComponent(new URL(mark.href).hash.slice(3)));
});

for (const card of cards) {
  card.addEventListener("click", (event) => {
    if (event.target.closest("a, button, summary, input, select, form") || card.classList.contains("chosen")) return;
    choose(card.dataset.claim);
  });
}

const first = document.querySelector(".claim.chosen[data-claim]");
if (first) choose(first.dataset.claim, { focus: false, keep: false });
