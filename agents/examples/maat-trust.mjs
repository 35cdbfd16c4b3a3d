// Whom a client trusts, and why: the key file that it was given, and tree heads, which prove that the journal that a
// broker shows now begins with all that it has shown before. A head is [origin, size, root], the root in base64.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { decode } from "@msgpack/msgpack";

export const stop = (exitCode, why) => Object.assign(new Error(why), { exitCode }); // a person must look

/** A frame may claim thousands of millions of items: none is longer than what holds it. Numbers are floats here, and
    right up to 2^53: a journal has so many entries after 285 years at a million a second. */
export function unpack(frame, most = frame.length) {
  const limits = { maxStrLength: most, maxBinLength: most, maxArrayLength: most, maxMapLength: most };
  return decode(new Uint8Array(frame), limits);
}

/** What `maat key new` wrote, which is ZPL. There may be several addresses; older files have no signing-key. */
export function readKey(path) {
  const found = [...readFileSync(path, "utf8").matchAll(/^\s*([\w-]+)\s*=\s*"(.*)"/gm)];
  const all = (name) => found.filter((line) => line[1] === name).map((line) => line[2]);
  const [curvePublicKey, curveSecretKey, curveServerKey, signing] = ["public", "secret", "server", "signing"].map(
    (name) => all(name + "-key")[0]);
  const addresses = all("address");
  if (!curvePublicKey || !curveSecretKey || !curveServerKey || !addresses.length)
    throw stop(2, `${path}: needs public-key, secret-key, server-key and address`);
  return { curve: { curvePublicKey, curveSecretKey, curveServerKey }, signing: signing && fromZ85(signing), addresses };
}

const Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

function fromZ85(text) {
  const words = text.match(/.{5}/g).map((five) => [...five].reduce((sum, digit) => sum * 85 + Z85.indexOf(digit), 0));
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, i) => bytes.writeUInt32BE(word, i * 4));
  return bytes;
}

const rewritten = (why) => stop(3, `${why}: nothing was sent, ask the board's operator whether a backup was restored`);

/** The head in WELCOME: a text of three lines or more, an empty one, and the signatures. The first of these is by the
    board, whose key is 32 bytes; none where the key file does not have it. */
export function readHead({ head, board, epoch, number }, signing) {
  const [text, signatures] = head.split("\n\n");
  const [origin, size, root] = text.split("\n");
  if (origin !== `${board}.${epoch}` || Number(size) !== number)
    throw rewritten(`a tree head of ${origin} with ${size} entries is not that of the board`);
  if (signing) {
    const key = { kty: "OKP", crv: "Ed25519", x: signing.toString("base64url") };
    const signature = Buffer.from(signatures.split(" ")[2], "base64").subarray(4);
    if (!verify(null, Buffer.from(text + "\n"), createPublicKey({ key, format: "jwk" }), signature))
      throw rewritten(`the tree head of ${origin} is not signed by the board's key`);
  }
  return [origin, number, root];
}

/** So that the broker, too, can say that it does not have what we saw. */
export const shownInHello = (kept) => (kept ? { number: kept[1], root: Buffer.from(kept[2], "base64") } : {});

/** Of what is kept from before, if there is something: a journal only grows. */
export function needsProof(kept, head) {
  if (kept && (kept[0] !== head[0] || kept[1] > head[1] || (kept[1] === head[1] && kept[2] !== head[2])))
    throw rewritten(`the journal was rolled back or rewritten: we saw ${kept}, and the broker shows ${head}`);
  return Boolean(kept) && kept[1] > 0 && kept[1] < head[1];
}

/** Consistency: from the hashes of the proof both roots must follow, the old one and the new one. */
export function checkProof([, oldSize, oldRoot], [, size, root], proof = Buffer.alloc(0)) {
  const hashes = [];
  for (let at = 0; at < proof.length; at += 32) hashes.push(Buffer.from(proof.subarray(at, at + 32)));
  if (!isConsistent(oldSize, Buffer.from(oldRoot, "base64"), size, Buffer.from(root, "base64"), hashes))
    throw rewritten(`the journal was rewritten: what it was with ${oldSize} entries is not in it any more`);
}

function isConsistent(oldSize, oldRoot, size, root, hashes) {
  if (Number.isInteger(Math.log2(oldSize))) hashes.unshift(oldRoot); // the old tree is a node of the new one
  let [at, last] = [oldSize - 1, size - 1];
  const halve = () => ([at, last] = [Math.floor(at / 2), Math.floor(last / 2)]);
  while (at % 2) halve();
  if (!hashes.length) return false;
  let was = hashes[0];
  let is = was;
  for (const other of hashes.slice(1)) {
    if (last === 0) return false;
    if (at % 2 || at === last) {
      [was, is] = [node(other, was), node(other, is)];
      while (at && at % 2 === 0) halve();
    } else is = node(is, other);
    halve();
  }
  return last === 0 && was.equals(oldRoot) && is.equals(root);
}

const node = (left, right) => createHash("sha256").update(Buffer.concat([Buffer.of(1), left, right])).digest();
