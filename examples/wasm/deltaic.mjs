// A completion's text as it comes, in any JavaScript that has WebAssembly.

const OUTCOMES = ["done", "finished", "truncated", "failed", "empty"];

/** Reads the module: its bytes. */
export async function load(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes);
  return () => new Stream(instance.exports);
}

/** A response that is being read. */
class Stream {
  #wasm;
  #stream;
  // U+FEFF within the text is the model's.
  #utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(wasm) {
    this.#wasm = wasm;
    this.#stream = wasm.deltaic_open();
  }

  /** Reads some bytes; the text that they add. */
  push(read) {
    const at = this.#wasm.deltaic_room(this.#stream, read.length);
    new Uint8Array(this.#wasm.memory.buffer, at, read.length).set(read);
    return this.#text(this.#wasm.deltaic_push(this.#stream));
  }

  /** The response has ended: the rest of its text, how it ended, what it has cost. */
  end() {
    const text = this.#text(this.#wasm.deltaic_end(this.#stream));
    const tokens = Number(this.#wasm.deltaic_tokens(this.#stream));
    const outcome = OUTCOMES[this.#wasm.deltaic_close(this.#stream)];
    return { text, outcome, tokens: tokens < 0 ? null : tokens };
  }

  #text(length) {
    const at = this.#wasm.deltaic_text(this.#stream);
    // The memory may have grown, and moved.
    return this.#utf8.decode(new Uint8Array(this.#wasm.memory.buffer, at, length));
  }
}
