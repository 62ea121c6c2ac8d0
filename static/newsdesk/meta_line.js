// Keeps the line above the headline in step with the fields in Details that it names.
import { form, onChange } from "./form_fields.js";

const links = [...document.querySelectorAll(".meta-line [data-for]")]

function readField(field) {
  if (field.tagName === "SELECT") return field.value ? field.selectedOptions[0].text : ""
  const day = /^\d{4}-\d\d-\d\d$/.test(field.value) && new Date(`${field.value}T12:00:00`)
  if (!day || isNaN(day)) return field.value
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" })
}

function listJointPublishers(first) {
  const boxes = form.querySelectorAll('[name="joint_publishers"]:checked')
  return [...boxes].filter((box) => box.value !== first).map((box) => form.querySelector(`label[for="${box.id}"]`).textContent.trim())
}

/** The first publisher is none of those beside it. */
function hideFirstPublisher() {
  const first = document.getElementById("id_organisation")?.value
  if (first === undefined) return
  for (const box of form.querySelectorAll('[name="joint_publishers"]')) box.closest("li").hidden = box.value === first
}

function show() {
  hideFirstPublisher()
  for (const link of links) {
    const field = document.getElementById(link.dataset.for)
    if (!field) continue
    const shown = [readField(field)]
    if (shown[0] && field.name === "organisation") shown.push(...listJointPublishers(field.value))
    link.textContent = shown.join(", ") || link.dataset.empty
  }
}

if (form && links.length) {
  onChange(show)
  show() // a browser may have put back what was typed before
}
