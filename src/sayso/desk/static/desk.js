// What every page does: "/" goes to the search field, unless somebody is writing.
const writing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  const field = document.querySelector('input[name="text"]');
  if (field) {
    event.preventDefault();
    field.focus();
  }
});
