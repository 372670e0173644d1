/* Reading labels: by the camera, with the browser's own reader or zxing, and by keyboard scanners. */

const LOOK_MS = 180;
const TYPED_MS = 60; // A scanner types faster than any thumb.
const FORMATS = ["qr_code", "code_128"];

const native = async () => {
  const known = (await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) ?? [];
  if (!FORMATS.every((format) => known.includes(format))) return null;
  const detector = new BarcodeDetector({ formats: FORMATS });
  return async (video) => (await detector.detect(video)).map((found) => found.rawValue);
};

const loaded = (source) => new Promise((done, fail) => {
  const script = document.createElement("script");
  script.src = source;
  script.onload = done;
  script.onerror = fail;
  document.head.append(script);
});

const zxing = async ({ reader, wasm }) => {
  if (!globalThis.ZXingWASM) await loaded(reader);
  const { prepareZXingModule, readBarcodes } = globalThis.ZXingWASM;
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  return async (video) => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(video, 0, 0);
    const found = await readBarcodes(pen.getImageData(0, 0, canvas.width, canvas.height), { formats: ["QRCode", "Code128"], tryHarder: true });
    return found.filter((one) => one.isValid).map((one) => one.text);
  };
};

/** Open the camera in `video` and tell every code once; returns what closes it again. Fails where the
    camera or the reader is not to be had. */
const watchCamera = async (video, files, heard) => {
  const look = (await native()) ?? (await zxing(files));
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  await video.play();
  let last = "", lastAt = 0, isOpen = true;
  const again = async () => {
    if (!isOpen) return;
    const codes = video.readyState >= 2 ? await look(video).catch(() => []) : [];
    for (const code of codes) {
      if (code === last && Date.now() - lastAt < 2_000) { lastAt = Date.now(); continue; }
      [last, lastAt] = [code, Date.now()];
      heard(code);
    }
    setTimeout(again, LOOK_MS);
  };
  again();
  return () => {
    isOpen = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
};

/** The button that opens the camera and the one that shuts it, in `place`; `failed` hears where there is none. */
export const offerCamera = (place, files, heard, failed) => {
  let shut;
  const camera = place.querySelector("[data-camera]");
  place.querySelector("[data-scan]").addEventListener("click", async () => {
    if (shut) return;
    camera.hidden = false;
    try {
      shut = await watchCamera(camera.querySelector("video"), files, heard);
    } catch {
      camera.hidden = true;
      failed();
    }
  });
  camera.querySelector("[data-camera-off]").addEventListener("click", () => { shut?.(); shut = undefined; camera.hidden = true; });
};

/** A scanner that is a keyboard: a fast line that ends with Enter, wherever the cursor is not. */
export const watchKeys = (heard) => {
  let typed = "", at = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const now = performance.now();
    if (now - at > TYPED_MS) typed = "";
    at = now;
    if (event.key.length === 1) typed += event.key;
    else if (event.key === "Enter" && typed.length >= 6) {
      event.preventDefault();
      heard(typed);
      typed = "";
    }
  });
};
