/* Passkeys: forms marked data-passkey ask the phone for its finger or screen lock, put the answer into
   the form and send it. They stay hidden where a browser cannot do it. */

const can = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

const asked = async (form) => {
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
  });
  if (!answer.ok) throw new Error(`asked in vain: ${answer.status}`);
  return answer.json();
};

const answered = async (form) => {
  const options = await asked(form);
  if (form.dataset.passkey === "add") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !can;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const sorry = form.querySelector("[data-sorry]");
    sorry.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify((await answered(form)).toJSON());
    } catch {
      sorry.hidden = false; // She closed the question, or the phone has no key for us.
      return;
    }
    form.requestSubmit();
  });
}
for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = can;
