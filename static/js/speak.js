/* Reads a text of the page aloud in Indonesian, where the phone can; the text stands there always. */

const speech = globalThis.speechSynthesis;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-speak]");
  if (!button || !speech) return;
  if (speech.speaking) {
    speech.cancel();
    return;
  }
  const parts = document.querySelectorAll(`#${button.dataset.speak} [data-read]`);
  for (const part of parts) {
    const said = new SpeechSynthesisUtterance(part.innerText);
    said.lang = "id-ID";
    said.rate = 0.9;
    speech.speak(said);
  }
});
if (!speech) for (const button of document.querySelectorAll("[data-speak]")) button.hidden = true;
