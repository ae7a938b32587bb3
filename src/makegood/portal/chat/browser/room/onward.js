// Going on from the chat: by mail, on another device, by telephone, with what was said in hand.

const WAYS_ON = { byEmail: "mail", onPhone: "mobile", byCall: "phone", inHand: "file", finish: "check" }

// Who said nothing yet has nothing to go on with; a call can be asked for by anybody.
function waysOn() {
  const canCall = (shop.hello?.ways ?? []).some((one) => one.kind === "callback")
  const own = talk.status === "none" ? [] : ["byEmail", "onPhone"]
  const isOpen = talk.status === "open"
  return [...own, ...(canCall ? ["byCall"] : []), ...(own.length ? ["inHand"] : []), ...(isOpen ? ["finish"] : [])]
}

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

// Beside the words in the talk: somebody who would wait long is offered the answer by mail.
const offer = {
  root: make("p", { className: "offer", hidden: true }),

  put() {
    this.why = make("span")
    this.root.append(this.why, " ", make("button", { type: "button", className: "word", onclick: () => panel.show("byEmail") }, say("byEmail")))
    for (const name of ["hello", "talk"]) hub.on(name, () => this.draw())
  },

  draw() {
    const { is_open: isOpen, is_long: isLong } = shop.hello ?? {}
    const waits = talk.status === "open" && talk.list().at(-1)?.from === "me"
    this.root.hidden = !waits || panel.view !== "talk" || (isOpen && !isLong) || Boolean(keep.get("mail"))
    const words = isOpen === false ? say("closed") : say("takesLong")
    if (this.why.textContent !== `${words}.`) this.why.textContent = `${words}.`
  },
}
