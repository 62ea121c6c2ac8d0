// Sends what is being typed to be kept aside, keeps it in this browser while nobody answers, and
// says who else is here. Looks at the form every few seconds, whatever changed it.
(() => {
  const place = document.getElementById("autosave")
  const form = place?.closest("form")
  if (!form) return

  const { url, user, statement } = place.dataset
  const every = Number(place.dataset.every)
  const beThereEvery = Math.max(every, 20_000)
  const keptFor = 30 * 24 * 3600 * 1000
  const mine = `autosave:${user}:`
  const key = form.elements.autosave_key
  const token = form.elements.csrfmiddlewaretoken
  const kept = place.querySelector("[data-kept]")
  const said = place.querySelector("[data-said]")

  let begun = "unsaved" in place.dataset // somebody typed, or what is on screen was not saved
  let saved = begun ? null : typed() // what was on screen when it was opened
  let sent = saved
  let lastWord = 0
  let busy = false
  let submitting = false
  let refused = null
  let apartSince = ""

  function typed() {
    const data = [...new FormData(form)].filter(([name, value]) =>
      typeof value === "string" && name !== "csrfmiddlewaretoken" && form.elements[name]?.type !== "password")
    return new URLSearchParams(data).toString()
  }

  const now = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })
  const here = () => `${mine}${statement}:${key.value}`

  // --- The copy in this browser ---------------------------------------------------------------------

  function keepHere(fields) {
    try {
      localStorage.setItem(here(), JSON.stringify({ at: Date.now(), fields }))
      return true
    } catch {
      return false // full, or forbidden by the person
    }
  }

  function copies() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith("autosave:"))
        .map((name) => [name, JSON.parse(localStorage.getItem(name))])
    } catch {
      return []
    }
  }

  async function handOverCopies() {
    for (const [name, copy] of copies()) {
      if (Date.now() - copy.at > keptFor) localStorage.removeItem(name)
      else if (name.startsWith(`${mine}${statement}:`) && name !== here()) {
        const answer = await post(`${copy.fields}&autosave_do=leftover`)
        if (!answer?.ok) return
        localStorage.removeItem(name)
        const { offers } = await answer.json()
        document.getElementById("offers").innerHTML = offers
      }
    }
  }

  // --- Speaking with the server ---------------------------------------------------------------------

  function post(fields, { keepalive = false } = {}) {
    const body = new URLSearchParams(fields)
    body.set("autosave_user", user)
    body.set("autosave_statement", statement)
    body.set("csrfmiddlewaretoken", token.value)
    return fetch(url, { method: "POST", body, keepalive, redirect: "manual" })
  }

  // Whoever signed in again has a new token: fetched for the same person only.
  async function signedInAgain() {
    const answer = await fetch(url, { redirect: "manual" })
    if (!answer.ok) return "You have been signed out"
    const who = await answer.json()
    if (String(who.user) !== user) return "Somebody else is signed in in this browser"
    for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = who.token
    return ""
  }

  async function speak(fields) {
    const answer = await post(fields)
    if (answer.type !== "opaqueredirect" && answer.status !== 403 && answer.status !== 409) return answer
    const trouble = await signedInAgain()
    if (trouble) throw Object.assign(new Error(trouble), { signedOut: true })
    return post(fields)
  }

  async function send(fields) {
    const nothing = fields === saved
    const answer = await speak(nothing ? `${fields}&autosave_do=nothing-typed` : fields)
    if (answer.status === 413 || answer.status === 400) {
      refused = fields
      const told = await answer.json().then((it) => it.told, () => "")
      return tell(told || "This could not be kept aside. Save it now and then.", { apart: true })
    }
    if (!answer.ok) throw new Error("no answer")
    const news = await answer.json()
    if (news.kept === false) { // this form was saved before, and came back by the back button
      localStorage.removeItem(here())
      if (!statement) {
        sent = fields
        return tell("This was saved before: you find it among the statements.", { apart: true })
      }
      key.value = Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("")
      return
    }
    sent = fields
    localStorage.removeItem(here())
    tell(nothing ? "" : `Kept aside at ${news.time}`)
    hear(news)
  }

  async function beThere() {
    const seen = form.elements.seen_version?.value ?? ""
    const answer = await speak(`autosave_do=be-there&seen_version=${encodeURIComponent(seen)}`)
    if (!answer.ok) throw new Error("no answer")
    hear(await answer.json())
    if (apartSince) tell("Connected again.")
  }

  async function look() {
    if (busy || submitting) return
    const fields = typed()
    if (!begun) sent = saved = fields
    const unsent = fields !== sent && fields !== refused
    if (!unsent && Date.now() - lastWord < beThereEvery) return
    busy = true
    if (unsent) keepHere(fields)
    try {
      await (unsent ? send(fields) : beThere())
      lastWord = Date.now()
    } catch (trouble) {
      apart(trouble, fields)
      if (!unsent) lastWord = Date.now()
    }
    busy = false
  }

  // --- Telling the person ---------------------------------------------------------------------------

  function tell(sentence, { apart: isApart = false, again = "" } = {}) {
    kept.textContent = sentence
    place.classList.toggle("apart", isApart)
    if (!isApart) apartSince = ""
    // Heard once for each turn of events, and not for each minute.
    const turn = again || sentence.replace(/ (at|since) \d\d:\d\d/, "")
    if (said.dataset.turn !== turn) {
      said.dataset.turn = turn
      said.textContent = sentence
    }
  }

  function apart(trouble, fields) {
    apartSince ||= now()
    const safe = fields === saved || keepHere(fields)
    const where = safe ? "your text is kept in this browser" : "your text is on this page alone: copy it before you leave"
    tell(
      trouble.signedOut
        ? `${trouble.message}: ${where}. Sign in in another tab, and writing goes on here.`
        : `Not connected since ${apartSince}: ${where}.`,
      { apart: true },
    )
  }

  function hear(news) {
    if (!news.others) return
    const list = place.querySelector("[data-others]")
    const names = (sentences) => sentences.map((one) => one.split(" has had")[0]).join()
    const before = [...list.children].map((one) => one.textContent)
    if (before.join() !== news.others.join()) {
      list.replaceChildren(...news.others.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })))
    }
    const moved = place.querySelector("[data-moved]")
    if (names(before) !== names(news.others)) said.textContent = news.others.join(" ")
    if (moved.textContent !== news.moved) said.textContent = moved.textContent = news.moved
  }

  // --- When to look ---------------------------------------------------------------------------------

  // Until a person does something, what changes is the editors setting themselves up.
  for (const sign of ["keydown", "pointerdown", "beforeinput", "paste", "drop", "input", "change"]) {
    form.addEventListener(sign, (event) => { begun ||= event.isTrusted }, { capture: true })
  }
  let pause
  form.addEventListener("input", () => {
    clearTimeout(pause)
    pause = setTimeout(() => { if (begun && typed() !== sent) keepHere(typed()) }, 200)
  })
  form.addEventListener("submit", () => {
    submitting = true
    const fields = typed()
    if (fields !== sent && fields !== saved) keepHere(fields)
  })
  window.addEventListener("pageshow", () => { submitting = false })
  window.addEventListener("pagehide", () => {
    const fields = typed()
    if (!submitting && begun && fields !== sent) {
      keepHere(fields)
      post(fields, { keepalive: true }).catch(() => {})
    }
    if (statement) post("autosave_do=leave", { keepalive: true }).catch(() => {})
  })
  window.addEventListener("beforeunload", (event) => {
    if (!submitting && begun && typed() !== sent) event.preventDefault()
  })
  window.addEventListener("online", look)
  document.addEventListener("visibilitychange", look)
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-discard]")
    if (!button) return
    event.preventDefault()
    const panel = button.closest(".offer")
    const data = new URLSearchParams(new FormData(button.form))
    const answer = await fetch(button.formAction, { method: "POST", body: data })
    if (!answer.ok) return button.form.submit()
    panel.remove()
    document.getElementById("content").tabIndex = -1
    document.getElementById("content").focus()
    said.textContent = "Discarded."
  })

  setInterval(look, every)
  handOverCopies().catch(() => {})
  look()
})()
