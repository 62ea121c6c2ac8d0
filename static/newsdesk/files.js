// Pictures and files: another row in place. Without this script an empty row is always there.

const group = document.getElementById("attachments-group")
const template = document.getElementById("new-file")

export function addFile() {
  const total = group.closest("form").elements["attachments-TOTAL_FORMS"]
  const holder = document.createElement("template")
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value)
  total.value = Number(total.value) + 1
  const row = holder.content.firstElementChild
  row.classList.add("shown")
  return row
}

group?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-file]")
  if (!button) return
  const waiting = group.querySelector(".file.new:not(.shown)")
  const row = waiting ?? addFile()
  row.classList.add("shown")
  if (!waiting) button.parentElement.before(row)
  row.querySelector("input[type=file]").focus()
})
