"use strict";

// A form whose button asks the browser for a passkey, and sends what it answers in the field « credential ».
// The page bears what is asked (data-options, as WebAuthn's JSON); data-passkey says « create » or « get ».

function toBytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function toText(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function described(list) {
  return (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));
}

function asked(form) {
  const options = JSON.parse(form.dataset.options);
  options.challenge = toBytes(options.challenge);
  if (form.dataset.passkey === "create") {
    options.user.id = toBytes(options.user.id);
    options.excludeCredentials = described(options.excludeCredentials);
  } else {
    options.allowCredentials = described(options.allowCredentials);
  }
  return { publicKey: options };
}

function answered(credential) {
  const given = credential.response;
  const response = { clientDataJSON: toText(given.clientDataJSON) };
  if (given.attestationObject) {
    response.attestationObject = toText(given.attestationObject);
    response.transports = given.getTransports ? given.getTransports() : [];
  } else {
    response.authenticatorData = toText(given.authenticatorData);
    response.signature = toText(given.signature);
    response.userHandle = given.userHandle ? toText(given.userHandle) : null;
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

function say(word) {
  for (const sentence of document.querySelectorAll("[data-said]")) {
    sentence.hidden = sentence.dataset.said !== word;
  }
}

const WHY = { InvalidStateError: "known", SecurityError: "none", NotSupportedError: "none" };

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const able = Boolean(window.PublicKeyCredential && navigator.credentials);
  let waiting = false;
  form.hidden = !able; // without a script it would send nothing, and the page says so
  if (!able) {
    say("none");
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!able || waiting) {
      return;
    }
    if (!form.reportValidity()) {
      return;
    }
    waiting = true;
    say("");
    try {
      const credential = await navigator.credentials[form.dataset.passkey](asked(form));
      form.elements.credential.value = answered(credential);
      form.submit();
    } catch (error) {
      say(WHY[error.name] || "stopped");
    } finally {
      waiting = false;
    }
  });
}
