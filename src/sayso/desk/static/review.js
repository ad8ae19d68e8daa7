// Judging by keyboard, and correcting by selecting words of the text. Every decision is a form: this only fills and sends it.
import { choose } from "/static/choosing.js";

const text = document.getElementById("text");
const editor = document.getElementById("editor");
const dialog = document.getElementById("keys");
const STORE = "sayso-keys";
const writing = (target) => target.closest("input:not([type=radio]), textarea, select, [contenteditable]");

// --- keys ---

const fields = [...dialog.querySelectorAll("[data-action]")];
const kept = (() => {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
  }
})();

function keyOf(action) {
  return kept[action] ?? fields.find((field) => field.dataset.action === action).dataset.usual;
}

function showKeys() {
  for (const field of fields) field.value = keyOf(field.dataset.action);
  document.querySelectorAll("[data-shows]").forEach((shown) => (shown.textContent = keyOf(shown.dataset.shows)));
}

for (const field of fields) {
  field.addEventListener("change", () => {
    const wanted = field.value.toLowerCase();
    const taken = fields.some((other) => other !== field && keyOf(other.dataset.action) === wanted);
    if (wanted && !taken && !/[0-9/]/.test(wanted)) kept[field.dataset.action] = wanted;
    localStorage.setItem(STORE, JSON.stringify(kept));
    showKeys();
  });
}
dialog.querySelector("[data-usual-keys]").addEventListener("click", () => {
  Object.keys(kept).forEach((action) => delete kept[action]);
  localStorage.removeItem(STORE);
  showKeys();
});
showKeys();

// --- which claim ---

const cards = () => [...document.querySelectorAll("[data-claim]")];
const chosen = () => document.querySelector("[data-claim].chosen") ?? cards()[0];

function step(by) {
  const all = cards();
  const at = all.indexOf(document.querySelector("[data-claim].chosen"));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  if (next) choose(next.dataset.claim);
}

function press(action) {
  if (action === "next") return step(1);
  if (action === "previous") return step(-1);
  if (action === "help") return dialog.showModal();
  const within = ["accept", "reject", "correct"].includes(action) ? chosen() : document;
  within?.querySelector(`[data-key="${action}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  if (event.key === "Escape" && editor && !editor.hidden) return close();
  if (writing(event.target)) return;
  if (editor && !editor.hidden && /^[0-9]$/.test(event.key)) {
    const slot = editor.querySelectorAll('[name="slot"]')[(Number(event.key) + 9) % 10];
    if (slot && !slot.disabled) {
      slot.checked = true;
      slot.focus();
      shape();
      event.preventDefault();
    }
    return;
  }
  const field = fields.find((one) => keyOf(one.dataset.action) === event.key.toLowerCase());
  if (field && !(editor && !editor.hidden)) {
    event.preventDefault();
    press(field.dataset.action);
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-key]");
  if (button?.dataset.key === "help") dialog.showModal();
  if (button?.dataset.key === "correct") {
    event.preventDefault();
    open(button.dataset.correct);
  }
  if (button?.dataset.key === "add") open(null);
});

// --- correcting ---

let spans = [];

function open(claim) {
  const adding = claim === null;
  if (!adding && document.querySelectorAll("[data-claim]").length > 1) choose(claim, { focus: false });
  editor.hidden = false;
  editor.dataset.mode = adding ? "add" : "correct";
  editor.action = adding ? editor.dataset.add : `${editor.dataset.base}/${encodeURIComponent(claim)}/correct`;
  document.getElementById("editor-title").textContent = adding ? "Add a claim: the words that name its event" : "Correct this claim";
  const card = adding ? null : document.querySelector(`[data-claim="${CSS.escape(claim)}"]`);
  if (card) card.append(editor);
  spans = [];
  if (adding) take();
  shape();
  document.body.classList.add("selecting");
  editor.scrollIntoView({ block: "nearest" });
  document.getElementById("editor-title").focus({ preventScroll: true });
}

function close() {
  editor.hidden = true;
  document.body.classList.remove("selecting");
  chosen()?.focus({ preventScroll: true });
}

// Only the fields of the slot that is chosen are shown, and only they are sent.
function shape() {
  const slot = editor.dataset.mode === "add" ? "add" : editor.querySelector('[name="slot"]:checked').value;
  for (const part of editor.querySelectorAll("[data-slots]")) {
    const used = part.dataset.slots.split(" ").includes(slot);
    part.hidden = !used;
    part.querySelectorAll("input, select").forEach((input) => (input.disabled = !used || Boolean(input.closest("[data-slots][hidden]"))));
    if (part.matches("input, select")) part.disabled = !used;
  }
  const choice = editor.querySelector('[data-for="correct"]');
  choice.hidden = slot === "add";
  choice.querySelectorAll("input").forEach((input) => (input.disabled = slot === "add"));
  if (!["actor", "recipient"].includes(slot)) spans = spans.slice(-1);
  list();
}

function list() {
  const shown = editor.querySelector(".chosen-words");
  const several = ["actor", "recipient"].includes(editor.querySelector('[name="slot"]:checked').value);
  shown.replaceChildren(
    ...spans.map((span, index) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = span.words;
      button.setAttribute("aria-label", `Take out: ${span.words}`);
      button.addEventListener("click", () => {
        spans.splice(index, 1);
        list();
      });
      const sent = document.createElement("input");
      sent.type = "hidden";
      sent.name = "span";
      sent.value = `${span.start}-${span.end}`;
      item.append(button, sent);
      return item;
    }),
  );
  const field = editor.querySelector('[name="words"]');
  if (spans.length && !several) field.value = "";
}

// Characters are counted as the ledger counts them: by code points, from the start of the text.
const points = (words) => [...words].length;

function place(node, offset) {
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
  if (!piece || !text.contains(piece)) return null;
  const before = document.createRange();
  before.setStart(piece, 0);
  before.setEnd(node, offset);
  return Number(piece.dataset.at) + points(before.toString());
}

function take() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !text) return;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
  const words = range.toString();
  let [start, end] = [place(range.startContainer, range.startOffset), place(range.endContainer, range.endOffset)];
  if (start === null || end === null || !words.trim()) return;
  start += points(words) - points(words.trimStart());
  end -= points(words) - points(words.trimEnd());
  spans.push({ start, end, words: words.trim() });
}

text?.addEventListener("mouseup", () => {
  if (!editor || editor.hidden) return;
  const several = ["actor", "recipient"].includes(editor.querySelector('[name="slot"]:checked')?.value) && editor.dataset.mode !== "add";
  if (!several) spans = [];
  take();
  list();
});

editor?.addEventListener("change", (event) => {
  if (event.target.name === "slot") shape();
});
editor?.querySelector("[data-close]").addEventListener("click", close);
editor?.addEventListener("submit", () => {
  // Fields left blank are as good as not there.
  editor.querySelectorAll("input, select").forEach((input) => {
    if (input.value === "") input.disabled = true;
  });
});

// A form that came open, with what was typed before: it goes on as if it had never been sent.
function reopen() {
  spans = [...editor.querySelectorAll('[name="span"]')].map((sent) => {
    const [start, end] = sent.value.split("-").map(Number);
    return { start, end, words: sent.previousElementSibling.textContent };
  });
  shape();
  document.body.classList.add("selecting");
  history.replaceState(null, "", editor.querySelector("[data-close]").href);
  editor.scrollIntoView({ block: "nearest" });
  document.getElementById("editor-title").focus({ preventScroll: true });
}
if (editor && !editor.hidden) reopen();

if (text && cards().length === 1) choose(cards()[0].dataset.claim, { focus: false, keep: false });
