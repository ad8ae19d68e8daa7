// Choosing a claim: its card and its words are lit, and the address follows, so that it can be passed on.
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
