// Comfort only: each page works without it.
"use strict";

// The summary of errors receives the focus, as with the fragment of the form's address.
const summary = document.getElementById("resume-erreurs");
if (summary) summary.focus();

// One sending per form, for ten seconds. The button keeps the focus; the server refuses doubles anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.submitter?.formMethod === "dialog") return;
  if (Date.now() - (form.dataset.sentAt || 0) < 10000) return event.preventDefault();
  form.dataset.sentAt = Date.now();
  if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sentAt;
  for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
});

// Communes are suggested from two letters on; the choice fills the hidden code the server checks.
for (const box of document.querySelectorAll("[data-communes]")) {
  const input = box.querySelector("input:not([type=hidden], [type=radio])");
  const list = document.createElement("datalist");
  list.id = input.id + "-liste";
  box.append(list);
  input.setAttribute("list", list.id);
  const known = new Map();
  let timer;
  const note = () => {
    let code = box.querySelector("input[type=hidden]");
    if (!known.has(input.value)) return code && code.remove();
    if (!code) {
      code = document.createElement("input");
      code.type = "hidden";
      code.name = input.name + "-code";
      box.append(code);
    }
    code.value = known.get(input.value);
  };
  input.addEventListener("input", () => {
    note();
    clearTimeout(timer);
    const typed = input.value.trim();
    if (typed.length < 2 || known.has(input.value)) return;
    timer = setTimeout(async () => {
      try {
        const answer = await fetch(box.dataset.communes + "?q=" + encodeURIComponent(typed));
        if (!answer.ok || input.value.trim() !== typed) return;
        const places = await answer.json();
        list.replaceChildren(...places.map(({ code, label }) => {
          known.set(label, code);
          return new Option(label, label);
        }));
        note();
      } catch {
        // Without the network, the server finds the commune.
      }
    }, 200);
  });
}

// « Quitter rapidement »: covers the page, which leaves the history; three presses of Shift in five seconds too.
const leave = document.querySelector("#quitter");
if (leave) {
  const go = (event) => {
    event.preventDefault();
    document.body.hidden = true;
    location.replace(leave.href);
  };
  for (const link of document.querySelectorAll("[data-leave]")) link.onclick = go;
  let shifts = 0;
  addEventListener("keyup", (event) => {
    shifts = event.key === "Shift" ? shifts + 1 : 0;
    if (shifts > 2) go(event);
    setTimeout(() => (shifts = 0), 5000);
  });
}
