// The chat itself: a small window on a wide page, the whole of a phone's.

const panel = {
  root: make("section", { className: "panel", role: "dialog", hidden: true }),
  title: make("h1", { className: "head__name" }),
  standing: make("p", { className: "head__standing" }),
  view: "",

  put() {
    this.back = iconButton("back", say("back"), () => this.show(this.view in WAYS_ON ? asides.from : "home"))
    this.back.classList.add("tool--turning")
    const close = iconButton("x", say("close"), () => this.close())
    const head = make("header", { className: "head" }, this.back,
      make("div", { className: "head__words" }, this.title, this.standing), sound.put(), menu.put(), close)
    const drop = make("p", { className: "panel__drop", hidden: true }, say("dropHere"))
    this.body = make("div", { className: "panel__body" }, home.root, questions.root, asides.root, log.root)
    this.root.append(head, menu.root, this.body, notices.root, offer.root, verdict.root, composer.root, drop)
    face.frame.prepend(this.root)
    this.root.tabIndex = -1
    this.root.id = newName()
    log.put()
    composer.put()
    notices.put()
    offer.put()
    verdict.put()
    takeDrops(this.root, drop)
    this.root.addEventListener("keydown", (event) => this.pressed(event))
    matchMedia(PHONE).addEventListener("change", () => this.fit())
    for (const name of ["resize", "scroll"]) window.visualViewport?.addEventListener(name, () => this.fit())
    for (const name of ["hello", "talk", "queue"]) hub.on(name, () => this.draw())
  },

  open(where) {
    if (shop.isOpen) return
    shop.isOpen = true
    this.root.hidden = false
    face.dress()
    this.fit()
    this.show(where === "talk" || talk.unread() ? "talk" : "home")
    hub.tell("toggle")
    hub.tell("open")
  },

  close() {
    if (!shop.isOpen) return
    const isHere = this.root.contains(face.shade.activeElement)
    shop.isOpen = false
    this.root.hidden = true
    this.view = ""
    face.frame.classList.remove("frame--phone")
    hub.tell("toggle")
    hub.tell("close")
    if (isHere) launcher.button.focus()
  },

  show(wanted) {
    const view = wanted === "talk" && questions.isNeeded ? "questions" : wanted
    if (view in WAYS_ON) asides.draw(view, this.view)
    this.view = view
    asides.root.hidden = !(view in WAYS_ON)
    home.root.hidden = view !== "home"
    questions.root.hidden = view !== "questions"
    log.root.hidden = composer.root.hidden = view !== "talk"
    this.back.hidden = view === "home"
    if (view === "questions") questions.draw()
    this.draw()
    if (view === "talk") { log.isAtEnd = true; log.draw(); log.toEnd(); composer.draw() }
    this.focus()
  },

  draw() {
    if (!shop.isOpen) return
    const hello = shop.hello ?? {}
    menu.draw()
    offer.draw()
    verdict.draw()
    this.root.setAttribute("aria-label", say("panel", hello.name ?? ""))
    this.title.textContent = hello.name ?? ""
    this.standing.textContent = hello.is_open === undefined ? "" : hello.is_here ? say("open") : hello.is_open ? say("opened") : closedWords(hello, this.view)
    this.standing.dataset.open = String(Boolean(hello.is_here))
    this.standing.hidden = hello.is_open === undefined
    if (this.view === "home") home.draw()
  },

  // A phone's keyboard would come up over what is to be read first.
  focus() {
    const isTouch = matchMedia("(pointer: coarse)").matches
    if (this.view === "talk" && !isTouch) return composer.focus()
    if (this.view === "questions") return questions.fields[0]?.input.focus()
    if (this.view in WAYS_ON) return asides.focus()
    const first = this.view === "home" ? home.root.querySelector(".button, .card") : null
    ;(first ?? this.root).focus({ preventScroll: true })
  },

  // Over everything on a phone, and above its keyboard.
  fit() {
    const isPhone = matchMedia(PHONE).matches && shop.isOpen
    face.frame.classList.toggle("frame--phone", isPhone)
    this.root.setAttribute("aria-modal", String(isPhone))
    const seen = window.visualViewport
    this.root.style.blockSize = isPhone && seen ? `${seen.height}px` : ""
    this.root.style.insetBlockStart = isPhone && seen ? `${seen.offsetTop}px` : ""
    if (log.isAtEnd && this.view === "talk") log.toEnd()
  },

  pressed(event) {
    if (event.key === "Escape") {
      event.stopPropagation()
      this.close()
    }
    if (event.key === "Tab" && this.root.getAttribute("aria-modal") === "true") keepInside(event, this.root)
  },
}

face.wear(ROOM_STYLE)
panel.put()
shop.room = panel
