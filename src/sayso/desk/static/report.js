// Choosing a claim: by its words in the text, or in the list. The address follows, so that it can be passed on.
const text = document.getElementById("text");
const cards = [...document.querySelectorAll("[data-claim]")];
const marksOf = (claim) => [...text.querySelectorAll("[data-claims]")].filter((mark) => mark.dataset.claims.split(" ").includes(claim));

export function choose(claim, { focus = true, keep = true } = {}) {
  for (const card of cards) {
    const chosen = card.dataset.claim === claim;
    card.classList.toggle("chosen", chosen);
    const details = card.querySelector("details");
    if (details) details.open = chosen;
    if (chosen) {
      card.scrollIntoView({ block: "nearest" });
      if (focus) card.focus({ preventScroll: true });
    }
  }
  text.querySelectorAll(".lit").forEach((mark) => mark.classList.remove("lit"));
  const marks = marksOf(claim);
  marks.forEach((mark) => mark.classList.add("lit"));
  if (marks.length) (marks.find((mark) => mark.classList.contains("trigger")) ?? marks[0]).scrollIntoView({ block: "nearest" });
  if (keep) {
    const address = new URL(location);
    address.searchParams.set("claim", claim);
    address.hash = "";
    history.replaceState(null, "", address);
  }
  document.dispatchEvent(new CustomEvent("claim-chosen", { detail: claim }));
}

text.addEventListener("click", (event) => {
  const mark = event.target.closest("a[data-claims]");
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
