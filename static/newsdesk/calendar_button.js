// Offer the calendar of the browser beside a date that is typed. Without it, typing is enough.

const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const say = window.gettext ?? ((text) => text);
const icons = document.body.dataset.icons;

function makeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button icon-only";
  button.title = say("Choose from a calendar");
  button.setAttribute("aria-label", say("Choose from a calendar"));
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.classList.add("icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${icons}#i-cal`);
  icon.append(use);
  button.append(icon);
  return button;
}

function makeCalendar() {
  const calendar = document.createElement("input");
  calendar.type = "date";
  calendar.tabIndex = -1;
  calendar.className = "calendar";
  calendar.setAttribute("aria-hidden", "true");
  return calendar;
}

function write(field, [year, month, day]) {
  const time = field.value.match(/\d{1,2}([:.]\d{2}|([:.]\d{2})? ?[ap]m)(?=\s*$)/i)?.[0] ?? "09:00";
  const date = `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
  field.value = field.dataset.calendar === "time" ? `${date} ${time}` : date;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
}

function offerCalendar(field) {
  if (field.name.includes("__prefix__") || field.closest(".with-calendar")) return;
  const [box, button, calendar] = [document.createElement("span"), makeButton(), makeCalendar()];
  if (!calendar.showPicker) return;
  box.className = "with-calendar";
  field.replaceWith(box);
  box.append(field, button, calendar);
  button.addEventListener("click", () => calendar.showPicker());
  calendar.addEventListener("change", () => {
    if (calendar.value) write(field, calendar.value.split("-"));
  });
}

const offerAll = (part) => part.querySelectorAll("[data-calendar]").forEach(offerCalendar);

offerAll(document);
document.addEventListener("formset:added", (event) => offerAll(event.target));
