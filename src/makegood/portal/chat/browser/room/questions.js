// What the shop asks before the first message; and, when nobody is there, where to answer.

const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const KINDS = { text: "text", email: "email", phone: "tel" }
const COMPLETE = { name: "name", email: "email", phone: "tel" }

const questions = {
  root: make("form", { className: "questions", noValidate: true, hidden: true }),
  fields: [],
  isDone: false,

  asked() {
    const asked = [...(shop.hello?.questions ?? [])]
    const isMissing = !asked.some((one) => one.kind === "email")
    if (isMissing && !shop.hello?.is_open) {
      asked.push({ key: "email", label: say("email"), kind: "email", is_required: false, why: say("emailWhy") })
    }
    return asked
  },

  get isNeeded() {
    return !this.isDone && talk.status === "none" && !outbox.all().length && this.asked().length > 0
  },

  draw() {
    this.fields = this.asked().map((one) => this.field(one))
    const title = make("h2", { className: "questions__title" }, say("beforeWeBegin"))
    const on = make("button", { type: "submit", className: "button" }, say("begin"))
    this.root.replaceChildren(title, ...this.fields.map((one) => one.root), on)
    this.root.onsubmit = (event) => { event.preventDefault(); this.check() }
  },

  field(question) {
    const id = newName()
    const input = question.kind === "choice" ? choiceOf(question) : make("input", {
      type: KINDS[question.kind] ?? "text", dir: "auto", maxLength: 254,
      autocomplete: COMPLETE[question.key] ?? COMPLETE[question.kind] ?? "off",
    })
    const trouble = make("p", { id: `${id}-trouble`, className: "field__trouble", hidden: true })
    input.id = id
    input.className = "field__input"
    input.required = Boolean(question.is_required)
    const optional = question.is_required ? [] : [make("span", { className: "field__optional" }, ` (${say("optional")})`)]
    const label = make("label", { for: id }, question.label, ...optional)
    const why = question.why ? make("p", { id: `${id}-why`, className: "field__why" }, question.why) : null
    input.setAttribute("aria-describedby", [why && why.id, trouble.id].filter(Boolean).join(" "))
    return { question, input, trouble, root: make("div", { className: "field" }, label, input, why, trouble) }
  },

  check() {
    const wrong = this.fields.filter((one) => !this.holds(one))
    if (wrong.length) return wrong[0].input.focus()
    this.isDone = true
    panel.show("talk")
  },

  holds({ question, input, trouble }) {
    const text = input.value.trim()
    const words = !text && question.is_required ? say("needed")
      : text && question.kind === "email" && !MAIL.test(text) ? say("badEmail")
      : text && question.kind === "phone" && text.replace(/\D/g, "").length < 5 ? say("badPhone") : ""
    trouble.textContent = words
    trouble.hidden = !words
    input.setAttribute("aria-invalid", String(Boolean(words)))
    return !words
  },

  // Goes with the first message, and with no other.
  answered() {
    if (talk.status !== "none" || outbox.all().length) return {}
    const given = this.fields.map((one) => [one.question, one.input.value.trim()]).filter(([, text]) => text)
    if (!given.length) return {}
    const answers = Object.fromEntries(given.map(([question, text]) => [question.key, text]))
    const email = given.find(([question]) => question.kind === "email")?.[1]
    return { answers, ...(answers.name && { name: answers.name }), ...(email && { email }) }
  },
}

function choiceOf(question) {
  const choices = question.choices.map((words) => make("option", { value: words }, words))
  return make("select", {}, make("option", { value: "" }, say("choose")), ...choices)
}
