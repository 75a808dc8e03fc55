// What the pages do by themselves: one value lights up in picture and table, zoom, turning, and the keys of the review.
"use strict";

const all = (selector) => document.querySelectorAll(selector);

function light(key, on) {
  for (const one of all("[data-key]")) {
    if (one.dataset.key === key) one.classList.toggle("lit", on);
  }
}

for (const [event, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(event, (happened) => {
    const own = happened.target.closest?.("td[data-key], rect[data-key]");
    if (own) light(own.dataset.key, on);
  });
}

document.addEventListener("click", (happened) => {
  const box = happened.target.closest?.("rect[data-key]");
  if (box) [...all("td[data-key]")].find((cell) => cell.dataset.key === box.dataset.key)?.querySelector("a")?.click();
  const zoom = happened.target.closest?.("[data-zoom]");
  const page = document.querySelector("svg.page");
  if (zoom && page) {
    const now = Number(/\bz(\d)\b/.exec(page.getAttribute("class"))[1]);
    const next = Math.min(4, Math.max(1, now + (zoom.dataset.zoom === "in" ? 1 : -1)));
    page.classList.replace(`z${now}`, `z${next}`);
  }
  if (happened.target.closest?.("[data-rotate]") && page) {
    const turn = Number(/\bturn(\d+)\b/.exec(page.getAttribute("class"))[1]);
    page.classList.replace(`turn${turn}`, `turn${(turn + 90) % 360}`);
  }
  const act = happened.target.closest?.("[data-act]");
  if (act) say(act.form, act.dataset.act);
});

document.addEventListener("change", (happened) => {
  if (happened.target.matches("[data-lines]")) {
    document.querySelector("svg.page").classList.toggle("with-lines", happened.target.checked);
  }
});

// What was not read cannot be accepted: what is printed has to be typed.
function say(form, kind) {
  const typed = form.elements.printed;
  typed.required = kind === "accept";
  const corrects = kind === "accept" && typed.value.trim() !== typed.dataset.read;
  form.elements.kind.value = corrects ? "correct" : kind;
}

document.addEventListener("keydown", (pressed) => {
  const form = document.querySelector("form.verdict");
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
  const typed = form?.elements.printed;
  const typing = pressed.target.matches("input, select, textarea");
  if (pressed.key === "Escape" && typing) return pressed.target.blur();
  if (typing) {
    if (pressed.key === "Enter" && pressed.target === form?.elements.note) {
      pressed.preventDefault(); // which would press the first button
      form.querySelector("[data-act=note]").click();
    }
    return;
  }
  if (form && /^[0-9./-]$/.test(pressed.key)) {
    typed.value = "";
    return typed.focus();
  }
  const button = {
    Enter: form && !pressed.target.matches("a, button") && form.querySelector("[data-act=accept]"),
    s: form?.querySelector("[data-act=anomaly]"),
    u: document.querySelector("[data-key=u]"),
    ArrowRight: document.querySelector("[data-key=ArrowRight]"),
  }[pressed.key];
  if (pressed.key === "n" && form) {
    pressed.preventDefault();
    return form.elements.note.focus();
  }
  if (button) {
    pressed.preventDefault();
    button.click();
  }
});
