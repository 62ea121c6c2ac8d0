// When the publisher is changed, the press contact follows if it was the usual one of the publisher before.
const publisher = document.getElementById("id_organisation")
const contact = document.getElementById("id_contact")

function findUsual(organisation) {
  return organisation ? contact.querySelector(`option[data-usual-of="${CSS.escape(organisation)}"]`) : null
}

function follow() {
  const before = findUsual(last)
  const now = findUsual(publisher.value)
  last = publisher.value
  if (!now || (contact.value && contact.value !== before?.value)) return
  contact.value = now.value
  contact.dispatchEvent(new Event("change", { bubbles: true }))
}

let last = publisher?.value
if (publisher && contact?.form) {
  publisher.addEventListener("change", follow)
  // The server need not follow: what is sent is what somebody saw.
  const note = document.createElement("input")
  Object.assign(note, { type: "hidden", name: "_contact_followed", value: "1" })
  contact.form.append(note)
}
