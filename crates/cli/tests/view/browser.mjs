// A headless Chromium, spoken to over a pipe: no package is needed.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts a browser. `send` asks it for something, `listeners` hear what it tells. */
export async function start(chromium) {
  const profile = await mkdtemp(join(tmpdir(), "deltaic-page-"));
  const options = ["--headless", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe", `--user-data-dir=${profile}`];
  // Its sandbox does not work for root.
  if (process.getuid?.() === 0) options.push("--no-sandbox");
  const child = spawn(chromium, options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [, , , input, output] = child.stdio;
  const asked = new Map();
  const listeners = new Set();
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.on("error", (error) => {
    throw new Error(`${chromium} does not start: ${error.message}`);
  });
  let text = "";
  output.setEncoding("utf8").on("data", (more) => {
    const messages = (text + more).split("\0");
    text = messages.pop();
    for (const message of messages.map((json) => JSON.parse(json))) {
      asked.get(message.id)?.(message);
      asked.delete(message.id);
      if (message.method) for (const listener of listeners) listener(message);
    }
  });
  let last = 0;
  const ask = (method, params, sessionId) =>
    new Promise((resolve, reject) => {
      last += 1;
      asked.set(last, ({ result, error }) => (error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result)));
      input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });
  const { targetId } = await ask("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await ask("Target.attachToTarget", { targetId, flatten: true });
  const send = (method, params = {}) => ask(method, params, sessionId);
  const close = async () => {
    await ask("Browser.close");
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { send, listeners, close };
}

/** Opens a page, and keeps what it complains of and what it asks for. */
export async function open(browser, url) {
  const { send, listeners } = browser;
  const complaints = [];
  const requests = [];
  listeners.clear();
  const loaded = new Promise((resolve) => {
    listeners.add(({ method, params }) => {
      if (method === "Page.loadEventFired") resolve();
      if (method === "Runtime.exceptionThrown") complaints.push(params.exceptionDetails.exception?.description);
      if (method === "Runtime.consoleAPICalled") complaints.push(JSON.stringify(params.args));
      if (method === "Log.entryAdded") complaints.push(params.entry.text);
      if (method === "Page.javascriptDialogOpening") complaints.push(`a dialog: ${params.message}`);
      if (method === "Network.requestWillBeSent") requests.push(params.request.url);
    });
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
  await send("Page.navigate", { url });
  await loaded;

  /** The value of an expression, after the page has drawn itself. */
  const value = async (expression) => {
    const drawn = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";
    const asked = { expression: `${drawn}.then(() => (${expression}))`, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await send("Runtime.evaluate", asked);
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    return result.value;
  };
  const press = async (key) => {
    await send("Input.dispatchKeyEvent", { type: "keyDown", key, code: key });
    await send("Input.dispatchKeyEvent", { type: "keyUp", key, code: key });
  };
  const look = async (width, scheme) => {
    await send("Emulation.setDeviceMetricsOverride", { width, height: 1000, deviceScaleFactor: 1, mobile: false });
    await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  };
  const picture = async () => {
    await value("0");
    const { data } = await send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true });
    return Buffer.from(data, "base64");
  };
  return { complaints, requests, value, press, look, picture };
}
