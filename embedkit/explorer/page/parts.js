// The parts of the page: within it, in base64, or where it came from.

const TYPES = { Float32Array, Int8Array, Uint8Array, Uint32Array, Int32Array };

export class Parts {
  constructor(manifest) {
    this.facts = manifest;
    this.embedded = manifest.embedded;
  }

  has(name) {
    return name in this.facts.parts;
  }

  // An array of the type that the manifest tells, or what JSON holds.
  async load(name, type = this.facts.parts[name].type) {
    const bytes = this.embedded ? embeddedBytes(name) : await this.fetched(`part/${encodeURIComponent(name)}`);
    if (type === "json") return JSON.parse(new TextDecoder().decode(bytes));
    return new TYPES[type](bytes.buffer);
  }

  async ask(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  }

  async fetched(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }
}

function embeddedBytes(name) {
  const element = document.getElementById(`part-${name}`);
  const text = atob(element.textContent);
  element.remove(); // each part is read once, and its text is large
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
