// The first thing seen: who is here, how long it takes, and the way on.

const home = {
  root: make("div", { className: "home" }),
  drawn: "",

  // Only what is different: whoever stands on a button here stays on it.
  draw() {
    const hello = shop.hello ?? {}
    const last = log.items().at(-1)
    const now = JSON.stringify([hello, last?.id, last?.message.text, talk.unread(), talk.hasEarlier])
    if (now === this.drawn) return
    this.drawn = now
    const isHere = this.root.contains(face.shade.activeElement)
    this.root.replaceChildren(
      make("div", { className: "home__welcome" },
        make("h2", { className: "home__greeting" }, say("greeting")),
        make("p", { className: "home__intro" }, this.intro(hello)),
        ...this.team(hello.team ?? [])),
      this.way(), ...this.past(), ...this.below(hello))
    if (isHere) panel.focus()
  },

  // Who would wait long sees first how else it goes.
  below(hello) {
    const isLong = hello.is_open && hello.is_long
    const others = this.others(hello.ways ?? [], say(isLong ? "takesLong" : "otherWays"))
    return isLong ? [...others, this.help()] : [this.help(), ...others]
  },

  intro(hello) {
    if (hello.is_open === false) return say("away", whenOf(hello.opens))
    return hello.wait || say("intro")
  },

  team(people) {
    if (!people.length) return []
    const faces = people.slice(0, 4).map((one) => faceOf(one))
    return [make("ul", { className: "home__team", role: "list" }, ...faces.map((one) => make("li", {}, one)))]
  },

  // The one strong button of this page, or the conversation that goes on.
  way() {
    const last = log.items().at(-1)
    const go = () => panel.show("talk")
    if (!last) {
      const words = shop.hello?.is_open === false ? say("leave") : say("start")
      return make("button", { type: "button", className: "button home__way", onclick: go }, words)
    }
    const { message } = last
    const name = message.from === "me" ? say("you") : message.name || say("us")
    const words = message.text || message.files?.[0]?.name || ""
    return make("button", { type: "button", className: "card", onclick: go },
      make("span", { className: "card__words" },
        make("strong", {}, say("goOn")),
        make("span", { className: "card__last" }, say("wrote", name, words.slice(0, 120)))),
      this.count(), sign("onward"))
  },

  // Chats that are over, above what goes on.
  past() {
    if (!talk.hasEarlier) return []
    const go = () => { panel.show("talk"); log.showEarlier() }
    return [make("button", { type: "button", className: "word", onclick: go }, say("past"))]
  },

  count() {
    const unread = talk.unread()
    return unread ? make("span", { className: "card__count", "aria-label": say("unread", unread) }, String(unread)) : null
  },

  // Articles that the page itself puts here: <makegood-chat><a slot="help" …></makegood-chat>.
  help() {
    const slot = make("slot", { name: "help" })
    const part = make("section", { className: "home__help", hidden: true }, make("h3", {}, say("help")), slot)
    const look = () => { part.hidden = !slot.assignedNodes().length }
    slot.addEventListener("slotchange", look)
    part.hidden = !face.element.querySelector("[slot=help]")
    return part
  },

  others(ways, title) {
    if (!ways.length) return []
    const call = callBack()
    const callMe = call
      ? [make("li", {}, make("button", { type: "button", className: "way", onclick: () => panel.show("byCall") }, sign("phone"), make("span", {}, call.label || say("byCall"))))]
      : []
    const signs = { form: "form", email: "mail" }
    const links = ways.filter((way) => /^(?:https?:|mailto:|tel:)/i.test(way.url)).map((way) =>
      make("li", {}, make("a", { className: "way", href: way.url, target: way.kind === "email" ? null : "_blank", rel: "noopener" },
        sign(signs[way.kind] ?? "onward"), make("span", {}, way.label))))
    return [make("section", { className: "home__others" }, make("h3", {}, title), make("ul", { role: "list" }, ...callMe, ...links))]
  },
}

function faceOf({ name, initials, photo }) {
  const letters = () => make("span", { className: "face", role: "img", "aria-label": name, title: name }, initials ?? name.slice(0, 1))
  if (!photo) return letters()
  const picture = make("img", { className: "face", src: new URL(photo, BASE).href, alt: name, title: name, loading: "lazy" })
  picture.addEventListener("error", () => picture.replaceWith(letters()))
  return picture
}
