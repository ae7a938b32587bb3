// The few words that are needed before the chat is opened. Both languages are complete: a test
// compares them.

const WORDS = { en: {}, de: {} }

function speak(language, words) {
  Object.assign(WORDS[language], words)
}

function language() {
  const wanted = SCRIPT.dataset.lang || document.documentElement.lang || shop.hello?.language || "en"
  const short = wanted.slice(0, 2).toLowerCase()
  return short in WORDS ? short : shop.hello?.language in WORDS ? shop.hello.language : "en"
}

// The shop's own words first, if it chose some.
function say(key, ...with_) {
  const own = shop.hello?.words?.[key]
  const words = own || WORDS[language()][key]
  return typeof words === "function" ? words(...with_) : (words ?? key)
}

speak("en", {
  launch: (name) => (name ? `Chat with ${name}` : "Chat"),
  hide: "Close the chat",
  unread: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  take: "Chat with us",
  decline: "No, thank you",
  unloaded: "The chat cannot be loaded right now. Please try again.",
})

speak("de", {
  launch: (name) => (name ? `Chat mit ${name}` : "Chat"),
  hide: "Chat schließen",
  unread: (count) => (count === 1 ? "1 neue Nachricht" : `${count} neue Nachrichten`),
  take: "Mit uns chatten",
  decline: "Nein, danke",
  unloaded: "Der Chat lässt sich gerade nicht laden. Bitte versuchen Sie es noch einmal.",
})
