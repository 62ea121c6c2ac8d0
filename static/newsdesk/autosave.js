// Autosaves what is being typed: on the server, or in this browser while the server does not
// answer. Says so in the bar at the foot, and who else has the form open in the bar above. Compares the form every few seconds, because
// scripts change fields without events.
(() => {
  const panel = document.getElementById("autosave")
  const form = panel?.closest("form")
  if (!form) return

  const { url, user, statement } = panel.dataset
  const interval = Number(panel.dataset.every)
  const presenceInterval = Math.max(interval, 20_000)
  const maxCopyAge = 30 * 24 * 3600 * 1000
  const userPrefix = `autosave:${user}:`
  const key = form.elements.autosave_key
  key.autocomplete = "off" // a page that is loaded again gets its own key; in HTML it is an error
  const token = form.elements.csrfmiddlewaretoken
  const status = panel.querySelector("[data-autosave-status]")
  const announcement = document.querySelector("[data-announcement]")
  const here = document.querySelector("[data-here]")
  const hereList = document.querySelector("[data-here-list]")
  const say = window.gettext ?? ((text) => text)
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name])

  let hasStarted = "unsaved" in panel.dataset // somebody typed, or the page shows unsaved text
  let savedFields = hasStarted ? null : readForm() // what the page showed when it was opened
  let sentFields = savedFields
  let lastContact = 0
  let isBusy = false
  let isSubmitting = false
  let refusedFields = null
  let disconnectedSince = ""

  function readForm() {
    const data = [...new FormData(form)].filter(([name, value]) =>
      typeof value === "string" && name !== "csrfmiddlewaretoken" && form.elements[name]?.type !== "password")
    return new URLSearchParams(data).toString()
  }

  const formatNow = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })
  const copyName = () => `${userPrefix}${statement}:${key.value}`

  // --- The copy in this browser ---------------------------------------------------------------------

  function storeCopy(fields) {
    try {
      localStorage.setItem(copyName(), JSON.stringify({ at: Date.now(), fields }))
      return true
    } catch {
      return false // full, or not allowed by the user
    }
  }

  function listCopies() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith("autosave:"))
        .map((name) => [name, JSON.parse(localStorage.getItem(name))])
    } catch {
      return []
    }
  }

  async function sendCopies() {
    for (const [name, copy] of listCopies()) {
      if (Date.now() - copy.at > maxCopyAge) localStorage.removeItem(name)
      else if (name.startsWith(`${userPrefix}${statement}:`) && name !== copyName()) {
        const answer = await post(`${copy.fields}&autosave_do=leftover`)
        if (!answer?.ok) return
        localStorage.removeItem(name)
        const { unsaved_html: html } = await answer.json()
        document.getElementById("unsaved-texts").innerHTML = html
      }
    }
  }

  // --- The server -----------------------------------------------------------------------------------

  function post(fields, { keepalive = false } = {}) {
    const body = new URLSearchParams(fields)
    body.set("autosave_user", user)
    body.set("autosave_statement", statement)
    body.set("csrfmiddlewaretoken", token.value)
    return fetch(url, { method: "POST", body, keepalive, redirect: "manual" })
  }

  // Signing in again makes a new token. Fetch it, but only for the same user.
  async function renewToken() {
    const answer = await fetch(url, { redirect: "manual" })
    if (!answer.ok) return say("You are signed out.")
    const session = await answer.json()
    if (String(session.user) !== user) return say("Someone else has signed in on this browser.")
    for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = session.token
    return ""
  }

  async function postWithRenewal(fields) {
    const answer = await post(fields)
    if (answer.type !== "opaqueredirect" && answer.status !== 403 && answer.status !== 409) return answer
    const problem = await renewToken()
    if (problem) throw Object.assign(new Error(problem), { isSignedOut: true })
    return post(fields)
  }

  async function save(fields) {
    const isUnchanged = fields === savedFields
    const answer = await postWithRenewal(isUnchanged ? `${fields}&autosave_do=unchanged` : fields)
    if (answer.status === 413 || answer.status === 400) {
      refusedFields = fields
      const message = await answer.json().then((data) => data.message, () => "")
      return showStatus("off", message || say("Autosave is not working. Save your draft now."))
    }
    if (!answer.ok) throw new Error("no answer")
    const news = await answer.json()
    if (news.is_open === false) { // this form was saved before, and came back by the back button
      localStorage.removeItem(copyName())
      if (!statement) {
        sentFields = fields
        return showStatus("off", say("You saved this before."), say("Find it among the statements."))
      }
      key.value = Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("")
      return
    }
    sentFields = fields
    localStorage.removeItem(copyName())
    if (isUnchanged) showStatus("", say("No changes since the last save."))
    else showStatus("", fill(say("Autosaved %(time)s."), news), say("Only you can see this until you save."))
    showNews(news)
  }

  async function reportPresence() {
    const seen = form.elements.seen_version?.value ?? ""
    const answer = await postWithRenewal(`autosave_do=presence&seen_version=${encodeURIComponent(seen)}`)
    if (!answer.ok) throw new Error("no answer")
    showNews(await answer.json())
    if (disconnectedSince) showStatus("", say("You are back online."))
  }

  async function check() {
    if (isBusy || isSubmitting) return
    const fields = readForm()
    if (!hasStarted) sentFields = savedFields = fields
    const isUnsent = fields !== sentFields && fields !== refusedFields
    if (!isUnsent && Date.now() - lastContact < presenceInterval) return
    isBusy = true
    if (isUnsent) {
      storeCopy(fields)
      if (!disconnectedSince && !panel.matches(".both")) showStatus("busy", say("Saving…"))
    }
    try {
      await (isUnsent ? save(fields) : reportPresence())
      lastContact = Date.now()
    } catch (error) {
      showDisconnected(error, fields)
      if (!isUnsent) lastContact = Date.now()
    }
    isBusy = false
  }

  // --- Messages -------------------------------------------------------------------------------------

  let newest = ""

  // The kind decides colour and what a screen reader hears: each change of it once, no time.
  function showStatus(kind, title, text = "") {
    if (kind !== "off" && kind !== "busy") disconnectedSince = ""
    if (newest && kind === "") [kind, title, text] = ["both", newest, say("Nothing of yours is lost. You compare both when you save.")]
    for (const name of ["busy", "off", "both"]) panel.classList.toggle(name, name === kind)
    status.replaceChildren(Object.assign(document.createElement("b"), { textContent: title }), ` ${text}`)
    const spoken = `${kind} ${title.replace(/\d\d:\d\d/, "")}`
    if (kind === "busy" || announcement.dataset.last === spoken) return
    announcement.dataset.last = spoken
    announcement.textContent = `${title} ${text}`
  }

  function showDisconnected(error, fields) {
    disconnectedSince ||= formatNow()
    const isSafe = fields === savedFields || storeCopy(fields)
    const title = error.isSignedOut ? error.message : fill(say("You have been offline since %(time)s."), { time: disconnectedSince })
    let text = isSafe ? say("Your words are safe in this browser.") : say("Your words are on this page alone: copy them before you leave.")
    if (error.isSignedOut) text += ` ${say("Sign in in another tab, then go on writing here.")}`
    showStatus("off", title, text)
  }

  function showNews(news) {
    if (!news.others) return
    const sentences = news.others.map((other) => other.sentence)
    if (here && here.dataset.sentences !== sentences.join()) {
      here.dataset.sentences = sentences.join()
      here.replaceChildren(...news.others.flatMap(({ initials, sentence }) => [makeAvatar(initials), make("span", "who", sentence)]))
      if (sentences.length) announcement.textContent = sentences.join(". ")
    }
    if (hereList) {
      const you = hereList.lastElementChild
      hereList.replaceChildren(...news.others.map(makePerson), you)
    }
    if (news.newer && newest !== news.newer) {
      newest = news.newer
      showStatus("", "")
    }
  }

  function make(tag, className, text) {
    return Object.assign(document.createElement(tag), { className, textContent: text })
  }

  function makeAvatar(initials) {
    const avatar = make("span", "avatar c", initials)
    avatar.ariaHidden = "true"
    return avatar
  }

  function makePerson({ initials, sentence, facts }) {
    const row = document.createElement("li")
    const words = make("div", "grow", "")
    words.append(make("b", "", sentence), make("p", "facts", facts))
    row.append(makeAvatar(initials), words)
    return row
  }

  // --- Events ---------------------------------------------------------------------------------------

  // Until a person does something, all changes come from the editors as they start.
  for (const type of ["keydown", "pointerdown", "beforeinput", "paste", "drop", "input", "change"]) {
    form.addEventListener(type, (event) => { hasStarted ||= event.isTrusted }, { capture: true })
  }
  let pause
  form.addEventListener("input", () => {
    clearTimeout(pause)
    pause = setTimeout(() => { if (hasStarted && readForm() !== sentFields) storeCopy(readForm()) }, 200)
  })
  form.addEventListener("submit", () => {
    isSubmitting = true
    const fields = readForm()
    if (fields !== sentFields && fields !== savedFields) storeCopy(fields)
  })
  window.addEventListener("pageshow", () => { isSubmitting = false })
  window.addEventListener("pagehide", () => {
    const fields = readForm()
    if (!isSubmitting && hasStarted && fields !== sentFields) {
      storeCopy(fields)
      post(fields, { keepalive: true }).catch(() => {})
    }
    if (statement) post("autosave_do=leave", { keepalive: true }).catch(() => {})
  })
  window.addEventListener("beforeunload", (event) => {
    if (!isSubmitting && hasStarted && readForm() !== sentFields) event.preventDefault()
  })
  window.addEventListener("online", check)
  document.addEventListener("visibilitychange", check)
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-discard]")
    if (!button) return
    event.preventDefault()
    const section = button.closest(".unsaved-text")
    const data = new URLSearchParams(new FormData(button.form))
    const answer = await fetch(button.formAction, { method: "POST", body: data })
    if (!answer.ok) return button.form.submit()
    section.remove()
    document.getElementById("content").tabIndex = -1
    document.getElementById("content").focus()
    announcement.textContent = say("Discarded.")
  })

  setInterval(check, interval)
  sendCopies().catch(() => {})
  check()
})()
