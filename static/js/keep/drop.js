/** What is dropped on the page, or pasted: it never replaces the page. */

const DROPPING_MS = 300; // from one dragover to the next, at most

/**
 * @param {(file: File | null) => void} open called with a file; with null for text and other things
 *   that are no file
 */
export function acceptDropped(open) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {DragEvent} event */
  function over(event) {
    event.preventDefault(); // the page takes it; the browser would open it in place of the page
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.dataTransfer.dropEffect = "copy";
    document.body.classList.add("is-dropping");
    clearTimeout(timer);
    timer = setTimeout(end, DROPPING_MS);
  }

  function end() {
    document.body.classList.remove("is-dropping");
  }

  /** @param {DragEvent} event */
  function drop(event) {
    event.preventDefault();
    end();
    const files = [...(event.dataTransfer?.files ?? [])];
    open(files.find(({ type }) => type.startsWith("image/")) ?? files[0] ?? null);
  }

  /** @param {ClipboardEvent} event */
  function paste(event) {
    const [file] = event.clipboardData?.files ?? [];
    if (!file) return;
    event.preventDefault();
    open(file);
  }

  document.addEventListener("dragover", over);
  document.addEventListener("dragenter", over);
  document.addEventListener("drop", drop);
  document.addEventListener("paste", paste);
}
