// What is typed while an answer is on its way, carried over into the field that comes in place of this one.

const MOMENT = 20_000

// What left each form, while nobody knows yet what came of it.
export class Sent {
  #words = new Map()

  of = (form) => this.#words.get(form)
  forms = () => [...this.#words.keys()]

  // A form sends its own words; what else is asked here takes those of the answer along.
  note(composer, asking) {
    const form = asking.matches("[data-draft]") ? asking : composer.querySelector("form[data-draft]")
    if (asking.matches("form")) this.#words.set(form, form.elements.text.value)
  }

  back(asking) {
    const forms = asking.matches("form") ? this.forms() : []
    forms.forEach((form) => this.#words.delete(form))
    return forms
  }
}

// `sent` is what left the field already, where something did.
export function keep(form, sent) {
  const text = form.elements.text.value
  if (text === sent) return sessionStorage.removeItem(form.dataset.draft)
  const key = form.elements.client_key?.value
  sessionStorage.setItem(form.dataset.draft, JSON.stringify({ text, sent, key, at: Date.now() }))
}

// Whether there were words that the server does not have yet. Where nobody knows whether they were said, they stand
// under the key of then: under it they are said once.
export function resume(form) {
  const { text, sent, key, at } = JSON.parse(sessionStorage.getItem(form.dataset.draft) ?? "{}")
  sessionStorage.removeItem(form.dataset.draft)
  const { value } = form.elements.text
  if (!text || Date.now() - at > MOMENT) return false
  if (sent === undefined && key) form.elements.client_key.value = key
  form.elements.text.value = sent === undefined ? text : together(value, text, sent)
  return form.elements.text.value !== value
}

// The server says that it was said, though no answer told so; whether something else stands there still.
export function unsay(form, { said, key }) {
  form.elements.client_key.value = key
  const { value } = form.elements.text
  form.elements.text.value = value.trim() === said ? "" : together("", value, said)
  return form.elements.text.value !== ""
}

// What left is not written a second time, and what stands in the new field is never written over.
function together(stands, text, sent) {
  if (text.startsWith(sent)) return stands ? stands + text.slice(sent.length) : text.slice(sent.length).trimStart()
  return stands && stands !== sent && !text.startsWith(stands) ? `${stands}\n\n${text}` : text
}
