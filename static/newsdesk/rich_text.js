// Turns every <textarea data-rich-text> into an editor, and limits roles to those of the speaker.
// Sets the editor up itself: the package's own set-up lets Tiptap write a <style> element, which
// the content security policy refuses. Its few rules are in rich_text.css.
import {
  Bold, BulletList, Document, Editor, Gapcursor, HardBreak, History, Italic, Link, ListItem, Menu,
  OrderedList, Paragraph, Subscript, Superscript, Table, TableCell, TableHeader, TableRow, Text,
  initializeEditors, updateAttrsDialog,
} from "django-prose-editor/editor"
import { startToolbar } from "./toolbars.js";

const say = window.gettext ?? ((text) => text)
const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"]
const EMPTY = /^<(\w+)><\/\1>$/
const editors = []

const captionDialog = updateAttrsDialog(
  { caption: { type: "string", title: say("Caption") } },
  { title: say("Caption of the table"), submitText: say("Set the caption") },
)
const TABLE_BUTTONS = [
  [say("Add row"), (chain) => chain.addRowAfter()],
  [say("Delete row"), (chain) => chain.deleteRow()],
  [say("Add column"), (chain) => chain.addColumnAfter()],
  [say("Delete column"), (chain) => chain.deleteColumn()],
  [say("Header row"), (chain) => chain.toggleHeaderRow()],
  [say("Delete table"), (chain) => chain.deleteTable()],
]

// A table with a caption, which is no cell and so no text of the editor: an attribute that the
// server writes as <caption>. Merged cells are not offered, because saving takes them apart.
const CaptionedTable = Table.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      caption: {
        default: null,
        parseHTML: (table) => table.querySelector("caption")?.textContent || table.dataset.caption || null,
        renderHTML: ({ caption }) => (caption ? { "data-caption": caption } : {}),
      },
    }
  },
  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],
  addKeyboardShortcuts() {
    // Behind the last cell, Tab leaves the editor as it does elsewhere, and adds no row.
    return {
      ...this.parent?.(),
      Tab: () => this.editor.commands.goToNextCell(),
    }
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "table",
      groups: "table",
      button: buttons.material("grid_on", say("Insert table")),
      hidden: (editor) => editor.isActive("table"),
      command: (editor) => editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
    })
    for (const [label, command] of TABLE_BUTTONS) {
      menu.defineItem({
        name: `table:${label}`,
        groups: "table",
        button: buttons.text(label, label),
        hidden: (editor) => !editor.isActive("table"),
        command: (editor) => command(editor.chain().focus()).run(),
      })
    }
    menu.defineItem({
      name: "table:caption",
      groups: "table",
      button: buttons.text(say("Caption"), say("Caption")),
      hidden: (editor) => !editor.isActive("table"),
      command: async (editor) => {
        const attributes = await captionDialog(editor, editor.getAttributes("table"))
        if (attributes) editor.chain().focus().updateAttributes("table", attributes).run()
      },
    })
  },
})

const extensions = () => [
  Document, Paragraph, Text, HardBreak, Bold, Italic, BulletList, ListItem, History, Menu,
  Superscript, Subscript,
  CaptionedTable, TableRow, TableHeader, TableCell, Gapcursor,
  OrderedList.configure({ enableListAttributes: false }),
  Link.configure({ enableTarget: false }),
]

function attributes(textarea, label) {
  const language = document.getElementById("id_language")?.value || "en"
  return {
    role: "textbox",
    class: "words",
    "aria-multiline": "true",
    "aria-label": label ? label.textContent.replace(/:$/, "") : say("Words"),
    lang: language,
    dir: RIGHT_TO_LEFT.includes(language.split("-")[0]) ? "rtl" : "ltr",
  }
}

// A listener to "rich-text-paste" may set the HTML to paste; without one the editor decides.
function handlePaste(textarea, view, event) {
  const clipboard = event.clipboardData
  const html = clipboard?.getData("text/html") || ""
  if (!clipboard || html.includes("data-pm-slice")) return false // copied from one of our editors: clean
  const detail = { html, text: clipboard.getData("text/plain"), clean: null, dropped: [] }
  textarea.dispatchEvent(new CustomEvent("rich-text-paste", { detail, bubbles: true }))
  if (detail.clean === null) return false
  event.preventDefault()
  showDropped(textarea, detail.dropped)
  return view.pasteHTML(detail.clean, new ClipboardEvent("paste"))
}

function showDropped(textarea, texts) {
  const editor = textarea.closest(".prose-editor")
  editor.parentElement.querySelector(".paste-dropped")?.remove()
  if (!texts.length) return
  const message = document.createElement("p")
  message.className = "paste-dropped"
  message.setAttribute("role", "status")
  message.textContent = say("Struck-through or hidden words were left out: “%(words)s”.").replace("%(words)s", () => texts.join("”, “"))
  editor.after(message)
}

function createEditor(textarea) {
  if (textarea.closest(".prose-editor")) return
  const label = document.querySelector(`label[for="${textarea.id}"]`)
  const element = document.createElement("div")
  element.className = "prose-editor"
  textarea.before(element)
  element.append(textarea)
  // The words as the server set them stood here until now, so that nothing moves.
  element.parentElement.querySelector(".as-page")?.remove()
  const editor = new Editor({
    element,
    injectCSS: false,
    editable: !textarea.disabled,
    extensions: extensions(),
    content: textarea.value,
    editorProps: {
      scrollThreshold: { top: 80, bottom: 150, left: 0, right: 0 }, // the bars over the page
      scrollMargin: { top: 90, bottom: 160, left: 0, right: 0 },
      attributes: () => attributes(textarea, label),
      // Before the editor parses the paste, which would apply the styles of Word to this page.
      handleDOMEvents: { paste: (view, event) => handlePaste(textarea, view, event) },
    },
    onCreate: () => setTimeout(() => placeMenu(element), 0),
    onUpdate({ editor: changed }) {
      const html = changed.getHTML()
      textarea.value = EMPTY.test(html) ? "" : html
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  label?.addEventListener("click", () => editor.commands.focus())
  // Other scripts set the text with this event, and read it from the textarea.
  textarea.addEventListener("set-rich-text", ({ detail }) => {
    editor.commands.setContent(detail, { emitUpdate: true })
  })
  editors.push([textarea, editor])
}

// After the words, so that they come first for the keyboard.
function placeMenu(element) {
  const menu = element.querySelector(".prose-menubar")
  if (!menu) return
  menu.setAttribute("aria-label", say("Format"))
  element.append(menu)
  startToolbar(menu)
}

// A link to a field opens the sections around it and leads to the editor that replaces it.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#id_"]')
  if (!link) return
  const field = document.getElementById(link.hash.slice(1))
  if (!field) return
  for (let section = field.closest("details"); section; section = section.parentElement.closest("details")) {
    section.open = true
  }
  const [, editor] = editors.find(([textarea]) => textarea === field) ?? []
  if (!editor) return
  event.preventDefault()
  editor.commands.focus()
  editor.view.dom.scrollIntoView({ block: "center" })
})

document.getElementById("id_language")?.addEventListener("change", () => {
  for (const [, editor] of editors) editor.view.updateState(editor.state)
})

// --- The roles of the chosen speaker --------------------------------------------------------------

const $ = window.django?.jQuery
const speakerOf = (role) => document.getElementById(role.id.replace(/appointment$/, "speaker"))

if ($?.fn.djangoAdminSelect2) {
  const originalSelect2 = $.fn.djangoAdminSelect2
  $.fn.djangoAdminSelect2 = function () {
    const roles = this.filter("[data-field-name=appointment]")
    originalSelect2.call(this.not(roles))
    roles.each((_, role) => {
      $(role).select2({
        ajax: {
          data: ({ term, page }) => ({
            term,
            page,
            app_label: role.dataset.appLabel,
            model_name: role.dataset.modelName,
            field_name: role.dataset.fieldName,
            speaker: speakerOf(role)?.value,
          }),
        },
      })
      const speaker = speakerOf(role)
      let chosen = speaker?.value
      $(speaker).on("change", () => {
        if (speaker.value === chosen) return // Django fires this once for every list as a page opens
        chosen = speaker.value
        $(role).val(null).trigger("change")
      })
    })
    return this
  }
}

initializeEditors(createEditor, "textarea[data-rich-text]")
