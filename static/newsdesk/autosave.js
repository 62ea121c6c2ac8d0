// Autosaves what is being typed: on the server, or in this browser while the server does not
// answer. Also shows who else has the form open. Compares the form every few seconds, because
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
  const token = form.elements.csrfmiddlewaretoken
  const status = panel.querySelector("[data-autosave-status]")
  const announcement = panel.querySelector("[data-announcement]")

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
    if (!answer.ok) return "You have been signed out"
    const session = await answer.json()
    if (String(session.user) !== user) return "Somebody else is signed in in this browser"
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
      return showStatus(message || "This could not be autosaved. Save it now and then.", { isWarning: true })
    }
    if (!answer.ok) throw new Error("no answer")
    const news = await answer.json()
    if (news.is_open === false) { // this form was saved before, and came back by the back button
      localStorage.removeItem(copyName())
      if (!statement) {
        sentFields = fields
        return showStatus("This was saved before: you find it among the statements.", { isWarning: true })
      }
      key.value = Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("")
      return
    }
    sentFields = fields
    localStorage.removeItem(copyName())
    showStatus(isUnchanged ? "" : `Autosaved at ${news.time}`)
    showNews(news)
  }

  async function reportPresence() {
    const seen = form.elements.seen_version?.value ?? ""
    const answer = await postWithRenewal(`autosave_do=presence&seen_version=${encodeURIComponent(seen)}`)
    if (!answer.ok) throw new Error("no answer")
    showNews(await answer.json())
    if (disconnectedSince) showStatus("Connected again.")
  }

  async function check() {
    if (isBusy || isSubmitting) return
    const fields = readForm()
    if (!hasStarted) sentFields = savedFields = fields
    const isUnsent = fields !== sentFields && fields !== refusedFields
    if (!isUnsent && Date.now() - lastContact < presenceInterval) return
    isBusy = true
    if (isUnsent) storeCopy(fields)
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

  function showStatus(sentence, { isWarning = false } = {}) {
    status.textContent = sentence
    panel.classList.toggle("warning", isWarning)
    if (!isWarning) disconnectedSince = ""
    // A screen reader hears each change once, and not every minute.
    const withoutTime = sentence.replace(/ (at|since) \d\d:\d\d/, "")
    if (announcement.dataset.last !== withoutTime) {
      announcement.dataset.last = withoutTime
      announcement.textContent = sentence
    }
  }

  function showDisconnected(error, fields) {
    disconnectedSince ||= formatNow()
    const isSafe = fields === savedFields || storeCopy(fields)
    const where = isSafe ? "your text is stored in this browser" : "your text is on this page alone: copy it before you leave"
    showStatus(
      error.isSignedOut
        ? `${error.message}: ${where}. Sign in in another tab, then go on writing here.`
        : `Not connected since ${disconnectedSince}: ${where}.`,
      { isWarning: true },
    )
  }

  function showNews(news) {
    if (!news.others) return
    const list = panel.querySelector("[data-others]")
    const names = (sentences) => sentences.map((sentence) => sentence.split(" has had")[0]).join()
    const before = [...list.children].map((item) => item.textContent)
    if (before.join() !== news.others.join()) {
      list.replaceChildren(...news.others.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })))
    }
    const newer = panel.querySelector("[data-newer]")
    if (names(before) !== names(news.others)) announcement.textContent = news.others.join(" ")
    if (newer.textContent !== news.newer) announcement.textContent = newer.textContent = news.newer
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
    announcement.textContent = "Discarded."
  })

  setInterval(check, interval)
  sendCopies().catch(() => {})
  check()
})()
