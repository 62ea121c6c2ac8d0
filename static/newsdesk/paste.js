// Cleans what is pasted into the editor, at once and without a network. On saving,
// statements/content/html.py cleans it again in the same way; a test compares the two.

const MARKER = /<!(?:--)?\[if !supportLists\](?:--)?>([\s\S]*?)<!(?:--)?\[endif\](?:--)?>/gi
const DROPPED =
  "head,style,script,title,xml,template,noscript,svg,iframe,select,textarea,object,math," +
  "img,link,meta,input"
const HIDDEN = new RegExp(
  "display\\s*:\\s*none|visibility\\s*:\\s*(?:hidden|collapse)|(?<![\\w-])font-size\\s*:\\s*0+" +
    "(?:px|pt|em)?\\s*(?:;|!|$)|mso-hide\\s*:\\s*all|mso-list\\s*:\\s*ignore|mso-element\\s*:\\s*comment",
  "i",
)
const STRUCK = /text-decoration[\w-]*\s*:[^;]*line-through/i
const RAISED = /vertical-align\s*:\s*super|mso-text-raise\s*:\s*[1-9]/i
const LOWERED = /vertical-align\s*:\s*sub|mso-text-raise\s*:\s*-[1-9]/i
const IGNORED = /mso-list\s*:\s*ignore/i
const LISTED = /mso-list\s*:\s*\S+\s+level(\d)/i
const BOLD = /(?<![\w-])font-weight\s*:\s*(bold|[6-9]00)/i
const NOT_BOLD = /(?<![\w-])font-weight\s*:\s*(normal|[1-5]00)/i
const ITALIC = /(?<![\w-])font-style\s*:\s*(italic|oblique)/i
const LIGATURES = { ﬀ: "ff", ﬁ: "fi", ﬂ: "fl", ﬃ: "ffi", ﬄ: "ffl", ﬅ: "st", ﬆ: "st" }
const UNNEEDED_NO_BREAK_SPACE =
  /(?<![«\d])\u00a0(?![»;:!?%])|(?<=«)\u00a0(?=\s)|(?<=\d)\u00a0(?=\s|$)/g
const BULLET = /^[\uf0b7\uf0a7●▪■◦‣∙·o§–-][ \t\u00a0]+(?=\S)|^•[ \t\u00a0]*(?=\S)/
const KEPT_ATTRIBUTES = { ol: ["start", "type"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan"] }
// The numbers of lists, as statements/content/numbering.py reads them.
const TYPES = ["a", "A", "i", "I"]
const CSS_TYPES = {
  decimal: "1", "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A",
  "lower-roman": "i", "upper-roman": "I", none: "none",
}
const LIST_STYLE = /list-style(?:-type)?\s*:\s*([^;]*)/i
const NUMBER_MARKER = /^[([]?(\d{1,6}|[A-Za-z]{1,9})([.):\]]{0,2})$/
const ROMAN = /^m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})$/
const ROMAN_VALUES = { m: 1000, d: 500, c: 100, l: 50, x: 10, v: 5, i: 1 }
const TEXT_BLOCKS = "p,div,h1,h2,h3,h4,h5,h6,li,blockquote"

document.addEventListener("rich-text-paste", ({ detail }) => {
  detail.clean = detail.html ? fromHtml(detail.html, detail.dropped) : fromText(detail.text)
})

function normaliseCharacters(text) {
  return text
    .replace(/[ﬀ-ﬆ]/g, (ligature) => LIGATURES[ligature])
    .replace(/[\u00ad\u200b\u2060\ufeff\ufffc]/g, "")
    .replace(UNNEEDED_NO_BREAK_SPACE, " ")
}

// --- Rich text --------------------------------------------------------------------------------------

function fromHtml(source, dropped) {
  const withMarkers = cutFragment(source).replace(MARKER, "<x-marker>$1</x-marker>")
  const body = new DOMParser().parseFromString(disarmAttributes(withMarkers), "text/html").body
  markBoldCells(body, source)
  makeLists(body)
  for (const element of body.querySelectorAll(DROPPED)) element.remove()
  for (const element of [...body.querySelectorAll("*")]) {
    const name = element.getAttribute("class") || ""
    const isStruck = element.matches("del, s, strike") || STRUCK.test(styleOf(element))
    if (isStruck || element.hidden || HIDDEN.test(styleOf(element)) || /^msocom/i.test(name)) {
      if (element.isConnected && element.textContent.trim()) dropped.push(element.textContent.trim())
      element.remove()
    }
  }
  numberLists(body, styleOf)
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    texts.currentNode.data = normaliseCharacters(texts.currentNode.data)
  }
  for (const element of [...body.querySelectorAll("*")]) simplify(element)
  for (const table of [...body.querySelectorAll("table")]) unwrapLayout(table)
  for (const block of [...body.querySelectorAll("div")]) {
    if (block.children.length === 1 && /^[uo]l$/.test(block.firstElementChild.localName)) {
      block.replaceWith(...block.childNodes)
    }
  }
  for (const list of [...body.querySelectorAll("ul, ol")]) joinNextLists(list)
  for (const block of [...body.querySelectorAll(TEXT_BLOCKS)]) {
    if (!block.textContent.trim()) block.remove()
  }
  return body.innerHTML
}

// What stands between the marks that Windows puts around the copied part. Excel puts them inside of
// the table.
function cutFragment(source) {
  const fragment = /<!--\s*StartFragment\s*-->([\s\S]*?)<!--\s*EndFragment\s*-->/.exec(source)
  if (!fragment) return source
  return /^\s*<(col|colgroup|thead|tbody|tr)\b/i.test(fragment[1]) ? `<table>${fragment[1]}</table>` : fragment[1]
}

// Excel says in a style sheet which cells are bold.
function markBoldCells(body, source) {
  const bold = new Set()
  for (const [, name, rules] of source.matchAll(/\.(xl\d+)\s*\{([^{}]*)\}/g)) {
    if (BOLD.test(rules)) bold.add(name)
  }
  for (const cell of body.querySelectorAll("td[class], th[class]")) {
    if (bold.has(cell.className)) wrapContent(cell, "strong")
  }
}

// The content security policy would report each style and handler, although nothing shows this document.
const disarmAttributes = (source) =>
  source
    .replace(/<style\b[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'])(style|on\w+)\s*=/gi, "$1data-$2="))
const styleOf = (element) => element.getAttribute("data-style") || ""

// Make lists of Word's paragraphs that only look like list items.
function makeLists(body) {
  let open = [] // the lists around the previous item, outermost first
  for (const item of [...body.querySelectorAll("[data-style]")]) {
    const match = LISTED.exec(styleOf(item))
    if (!match) continue
    const level = Number(match[1])
    const marker = takeMarker(item)
    const readings = readMarker(marker)
    if (open.length && nextOf(open[0].list) !== item) open = []
    if (!readings.length && marker.length > 1 && /[\p{L}\p{N}]/u.test(marker)) {
      open = [] // such as "Article 1" or "2.1": words that a list would not show
      item.prepend(`${marker} `)
      continue
    }
    while (open.length && open.at(-1).level > level) open.pop()
    const before = open.at(-1)?.level === level ? open.at(-1) : null
    const reading = before?.reading && readings.find(({ type }) => type === before.reading.type)
    if (before && (reading || (!before.reading && !readings.length))) {
      before.reading = reading
    } else {
      if (before) open.pop()
      open.push({ level, reading: readings[0], list: startList(item, open.at(-1)?.list, readings[0]) })
    }
    const li = document.createElement("li")
    if (open.at(-1).reading) li.value = open.at(-1).reading.number
    li.append(...item.childNodes)
    open.at(-1).list.append(li)
    item.remove()
  }
}

function startList(item, parent, reading) {
  const list = document.createElement(reading ? "ol" : "ul")
  if (reading) formatListStart(list, reading.number, reading.type)
  if (parent) parent.lastElementChild.append(list)
  else item.before(list)
  return list
}

function nextOf(list) {
  let next = list.nextSibling
  while (next && (next.nodeType === Node.COMMENT_NODE || (next.nodeType === Node.TEXT_NODE && !next.data.trim()))) next = next.nextSibling
  return next
}

function takeMarker(item) {
  const ignored = [...item.querySelectorAll("[data-style], x-marker")].filter(
    (element) => element.localName === "x-marker" || IGNORED.test(styleOf(element)),
  )
  const marker = (ignored[0]?.textContent || "").trim()
  for (const element of ignored) element.remove()
  return marker
}

// Keep bold, italics and height as tags, links without their redirects, the numbers of lists, and
// nothing else.
function simplify(element) {
  const style = styleOf(element)
  const tag = element.localName
  const bold = BOLD.test(style) || (/^(b|strong)$/.test(tag) && !NOT_BOLD.test(style))
  const italic = ITALIC.test(style) || /^(i|em)$/.test(tag)
  const href = tag === "a" ? resolveRedirect(element.getAttribute("href") || "") : ""
  const isInline = !/^(p|div|li|t[dh]|h[1-6]|sup|sub)$/.test(tag)
  const script = isInline && (RAISED.test(style) ? "sup" : LOWERED.test(style) ? "sub" : "")
  const kept = KEPT_ATTRIBUTES[tag] ?? []
  for (const { name } of [...element.attributes]) {
    if (!kept.includes(name)) element.removeAttribute(name)
  }
  if (href) element.setAttribute("href", href)
  if (bold && !/^h[1-6]$/.test(tag)) wrapContent(element, "strong")
  if (italic) wrapContent(element, "em")
  if (script) wrapContent(element, script)
  if (/^(td|th|caption)$/.test(tag)) wrapContent(element, "p")
  if (/^(b|strong|i|em|span|font|u|x-marker)$/.test(tag) || tag.includes(":")) {
    element.replaceWith(...element.childNodes)
  }
}

// Saving makes paragraphs of a table with one row or one column, as of one cell of a sheet.
function unwrapLayout(table) {
  if (table.rows.length > 1 && [...table.rows].some((row) => row.cells.length > 1)) return
  table.replaceWith(...[...table.querySelectorAll("caption, td, th")].flatMap((cell) => [...cell.childNodes]))
}

function wrapContent(element, tag) {
  const wrapper = document.createElement(tag)
  wrapper.append(...element.childNodes)
  element.append(wrapper)
}

function resolveRedirect(href) {
  try {
    const url = new URL(href)
    const host = url.hostname
    if (host.endsWith("safelinks.protection.outlook.com")) return url.searchParams.get("url") || href
    if (/^(www\.)?google\.[a-z.]+$/.test(host) && url.pathname === "/url") {
      return url.searchParams.get("q") || url.searchParams.get("url") || href
    }
    return /^(https?|mailto):$/.test(url.protocol) ? href : ""
  } catch {
    return ""
  }
}

// Bullets side by side are one list. A numbered list goes on where the next one starts with the
// next number.
function joinNextLists(list) {
  if (!list.parentNode) return // already joined to the list before it
  for (let next = nextOf(list); next && continuesList(list, next); next = nextOf(list)) {
    list.append(...next.childNodes)
    next.remove()
  }
}

function continuesList(list, next) {
  if (next.localName !== list.localName) return false
  if (list.localName === "ul") return true
  return next.hasAttribute("start") && next.type === list.type && next.start === list.start + list.children.length
}

// --- The numbers of lists ---------------------------------------------------------------------------

// What the number before an item can mean, the likeliest first. A bullet gives nothing.
function readMarker(marker) {
  const match = NUMBER_MARKER.exec(marker)
  if (!match) return []
  const [, value, end] = match
  const small = value.toLowerCase()
  if (/\d/.test(value)) return [{ type: "", number: Number(value) }]
  if ((value !== small && value !== value.toUpperCase()) || (value.length === 1 && !end)) return []
  const upper = value !== small
  const readings = ROMAN.test(small) ? [{ type: upper ? "I" : "i", number: readRoman(small) }] : []
  if (small === "aa" || small.length === 1) {
    const number = small === "aa" ? 27 : small.charCodeAt(0) - 96
    readings.splice(small === "i" ? 1 : 0, 0, { type: upper ? "A" : "a", number })
  }
  return readings
}

function readRoman(text) {
  const values = [...text].map((letter) => ROMAN_VALUES[letter])
  return values.reduce((sum, value, index) => sum + (value < values[index + 1] ? -value : value), 0)
}

function formatListStart(list, start, type) {
  if (start !== null) list.setAttribute("start", start)
  if (TYPES.includes(type)) list.setAttribute("type", type)
  else list.removeAttribute("type")
}

// Give each numbered list its start and kind, and split it where a number or the kind jumps.
function numberLists(body, styleOf) {
  for (const list of [...body.querySelectorAll("ol")]) numberList(list, styleOf)
}

function numberList(list, styleOf) {
  const items = [...list.children].filter((child) => child.localName === "li")
  const typeOf = (element) => findCssType(styleOf(element)) || element.getAttribute("type") || ""
  const [first] = items
  let type = (first && typeOf(first)) || typeOf(list)
  if (type === "none") {
    const bullets = document.createElement("ul")
    bullets.append(...list.childNodes)
    list.replaceWith(bullets)
    return
  }
  const start = (first && readNumber(first.getAttribute("value"))) ?? readNumber(list.getAttribute("start"))
  list.removeAttribute("start")
  formatListStart(list, start, type)
  let current = list
  let number = start ?? 1
  for (const item of items) {
    const itemType = typeOf(item)
    const changesType = [...TYPES, "1"].includes(itemType) && itemType !== (type || "1")
    const value = readNumber(item.getAttribute("value"))
    if (item !== first && (changesType || (value !== null && value !== number))) {
      if (changesType) type = itemType
      number = value ?? 1
      const rest = document.createElement("ol")
      formatListStart(rest, number === 1 ? null : number, type)
      current.after(rest)
      current = rest
    }
    if (current !== list) current.append(item)
    number += 1
  }
}

const readNumber = (text) => (/^\s*-?\d{1,6}\s*$/.test(text ?? "") ? Number(text) : null)

function findCssType(style) {
  const words = LIST_STYLE.exec(style)?.[1].split(/\s+/) ?? []
  return words.map((word) => CSS_TYPES[word.toLowerCase()]).find(Boolean) ?? ""
}

// --- Plain text: the lines of a PDF or a mail ---------------------------------------------------------

function fromText(text) {
  const lines = text.trim().split(/\r\n?|\n/).map((line) => normaliseCharacters(line).replace(BULLET, "• ").replace(/[ \t]+/g, " ").trim())
  const parts = splitAtEmptyLines(separateParagraphs(lines)).flatMap(splitParagraphs)
  const out = document.createElement("div")
  for (const part of parts) {
    if (part[0].startsWith("• ")) {
      if (out.lastElementChild?.localName !== "ul") out.append(document.createElement("ul"))
      out.lastElementChild.append(createElement("li", part.join(" ").slice(2)))
    } else {
      out.append(createElement("p", part.join(" ")))
    }
  }
  return out.innerHTML
}

function createElement(tag, text) {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}

// Add an empty line after each paragraph where a PDF has none but its lines have one width.
function separateParagraphs(lines) {
  const full = lines.filter(Boolean)
  if (full.length < lines.length) return lines
  const width = Math.max(...full.map((line) => line.length))
  const long = full.filter((line) => line.length >= 0.75 * width).length
  if (full.length < 3 || width < 40 || width > 120 || long * 2 < full.length) {
    return full.flatMap((line) => [line, ""])
  }
  return full.flatMap((line, index) => (index && isParagraphEnd(full[index - 1], line, width) ? ["", line] : [line]))
}

const isParagraphEnd = (previous, line, width) =>
  line.startsWith("• ") || /^[“"„«]/.test(line) ||
  (previous.length < 0.75 * width && /[.!?:”"’»]\s*$/.test(previous))

function splitAtEmptyLines(lines) {
  const chunks = [[]]
  for (const line of lines) line ? chunks.at(-1).push(line) : chunks.push([])
  return chunks.filter((chunk) => chunk.length)
}

// Split lines without an empty one between them: mostly one paragraph, sometimes several.
function splitParagraphs(chunk) {
  const isWrapped = Math.max(...chunk.map((line) => line.length)) <= 100
  const parts = [[chunk[0]]]
  for (let index = 1; index < chunk.length; index++) {
    const [previous, line] = [chunk[index - 1], chunk[index]]
    const startsQuote = /^["“„«]/.test(line) && /[.!?:…][”"’»)]*$|[”»]$/.test(previous)
    if (!isWrapped || line.startsWith("• ") || startsQuote) parts.push([line])
    else parts.at(-1).push(line)
  }
  return parts
}
