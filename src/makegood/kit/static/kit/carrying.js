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
  sessionStorage.setItem(form.dataset.draft, JSON.stringify({ text, sent, at: Date.now() }))
}

// Whether there were words that the server does not have yet.
export function resume(form) {
  const { text, sent, at } = JSON.parse(sessionStorage.getItem(form.dataset.draft) ?? "{}")
  sessionStorage.removeItem(form.dataset.draft)
  const { value } = form.elements.text
  if (!text || Date.now() - at > MOMENT) return false
  form.elements.text.value = sent === undefined ? text : together(value, text, sent)
  return form.elements.text.value !== value
}

// What left is not written a second time, and what stands in the new field is never written over.
function together(stands, text, sent) {
  if (text.startsWith(sent)) return stands ? stands + text.slice(sent.length) : text.slice(sent.length).trimStart()
  return stands && stands !== sent ? `${stands}\n\n${text}` : text
}
