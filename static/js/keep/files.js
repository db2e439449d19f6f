/** Picture files, brought to a form and a size that the server takes. */

import { contextOf } from "../page/dom.js";

const TAKEN = /^image\/(png|jpeg|webp|gif|bmp)$/;
const SMALL_BYTES = 1_000_000; // a larger file is made smaller first: a phone would send it for long
const PHOTO_PX = 2048; // longest side of a photograph that is made smaller; the server needs less
const DRAWING_PX = 1280; // and of a picture that may be transparent, whose file is larger
const QUALITY = 0.9; // of a JPEG

/** @param {File} file */
export const isPicture = (file) => file.type.startsWith("image/");

/**
 * The picture to send: the file itself, or a smaller copy of it. What this browser cannot show is
 * left as it is; the server says what is wrong with it.
 *
 * @param {File} file a picture by its type
 * @returns {Promise<Blob>}
 */
export async function prepared(file) {
  if (TAKEN.test(file.type) && file.size <= SMALL_BYTES) return file;
  try {
    return await smaller(file);
  } catch {
    return file;
  }
}

/**
 * @param {File} file
 * @returns {Promise<Blob>}
 * @throws {Error} if the browser cannot show it
 */
async function smaller(file) {
  const isPhoto = !/^image\/(png|gif|webp|svg\+xml)$/.test(file.type);
  const picture = await decoded(file); // upright, as its EXIF says
  // An SVG may have no size of its own.
  const [width, height] = [picture.naturalWidth || DRAWING_PX, picture.naturalHeight || DRAWING_PX];
  const scale = Math.min(1, (isPhoto ? PHOTO_PX : DRAWING_PX) / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const type = isPhoto ? "image/jpeg" : "image/png";
  return new Promise((made, failed) => {
    canvas.toBlob((blob) => (blob ? made(blob) : failed(new Error(type))), type, QUALITY);
  });
}

/**
 * @param {File} file
 * @returns {Promise<HTMLImageElement>}
 * @throws {Error} if the browser cannot show it
 */
async function decoded(file) {
  const picture = new Image();
  picture.src = URL.createObjectURL(file);
  try {
    await picture.decode();
    return picture;
  } finally {
    URL.revokeObjectURL(picture.src);
  }
}
