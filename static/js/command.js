// The command box: a list of links narrowed while typing; arrows choose, Enter goes.

const box = document.getElementById("command");
const input = box?.querySelector("input");
const rows = [...(box?.querySelectorAll("li") ?? [])];
let chosen = 0;

const shown = () => rows.filter((row) => !row.hidden);

function choose(index) {
  const list = shown();
  chosen = list.length ? (index + list.length) % list.length : 0;
  rows.forEach((row) => row.setAttribute("aria-selected", String(row === list[chosen])));
  list[chosen]?.scrollIntoView({ block: "nearest" });
}

function narrow() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  rows.forEach((row) => {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  });
  choose(0);
}

function key(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(chosen + step);
  else if (event.key === "Enter") shown()[chosen]?.querySelector("a").click();
  else return;
  event.preventDefault();
}

if (input) {
  input.addEventListener("input", narrow);
  input.addEventListener("keydown", key);
  box.addEventListener("close", () => {
    input.value = "";
    narrow();
  });
  choose(0);
}
