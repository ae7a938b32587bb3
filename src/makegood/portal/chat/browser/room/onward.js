// Going on from the chat: by mail, on another device, by telephone, with what was said in hand.

const WAYS_ON = { byEmail: "mail", onPhone: "mobile", byCall: "phone", inHand: "file", finish: "check" }

// Who said nothing yet has nothing to go on with; a call can be asked for by anybody.
function waysOn() {
  const canCall = callBack()
  const own = talk.status === "none" ? [] : ["byEmail", "onPhone"]
  const isOpen = talk.status === "open"
  return [...own, ...(canCall ? ["byCall"] : []), ...(own.length ? ["inHand"] : []), ...(isOpen ? ["finish"] : [])]
}

const callBack = () => (shop.hello?.ways ?? []).find((one) => one.kind === "callback")

// As a message is sent: with a little work, where the desk asks for some.
async function askFor(path, body = {}) {
  for (let tries = 0, work; ; tries += 1) {
    try {
      return await ask("POST", path, { body: { ...body, ...(work && { work }) } })
    } catch (trouble) {
      if (trouble.code !== "work" || tries > 4) throw trouble
      work = await workOn(trouble.work)
    }
  }
}

function wordsOf(trouble) {
  return trouble.words || say(trouble.code === "network" ? "unreached" : "notDone")
}

// Beside the words in the talk: somebody who would wait long is offered the answer by mail, and a call.
const offer = {
  root: make("p", { className: "offer", hidden: true }),
  isCalled: false,

  put() {
    this.why = make("span")
    const [mail, call] = ["byEmail", "byCall"].map((way) => make("button", { type: "button", className: "word", onclick: () => panel.show(way) }, say(way)))
    Object.assign(this, { mail, call })
    this.root.append(this.why, " ", mail, " ", call)
    for (const name of ["hello", "talk"]) hub.on(name, () => this.draw())
  },

  draw() {
    const { is_open: isOpen, is_long: isLong } = shop.hello ?? {}
    const waits = talk.status === "open" && talk.list().at(-1)?.from === "me"
    const callMe = callBack()
    this.mail.hidden = Boolean(keep.get("mail"))
    this.call.hidden = !callMe || this.isCalled
    if (callMe?.label && this.call.textContent !== callMe.label) this.call.textContent = callMe.label
    this.root.hidden = !waits || panel.view !== "talk" || (isOpen && !isLong) || (this.mail.hidden && this.call.hidden)
    const words = isOpen === false ? say("closed") : say("takesLong")
    if (this.why.textContent !== `${words}.`) this.why.textContent = `${words}.`
  },
}
