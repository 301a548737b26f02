// Another people's age (npm age-encryption) at the command line:
//   node age.mjs generate            prints an identity and its recipient, a line each
//   node age.mjs seal RECIPIENT      standard input to standard output
//   node age.mjs open IDENTITY_FILE  standard input to standard output
import { readFileSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const module = `${process.env.SANDUQ_TEST_TOOLS}/npm/node_modules/age-encryption/dist/index.js`;
const age = await import(pathToFileURL(module).href);
const [verb, argument] = process.argv.slice(2);

if (verb === "generate") {
  const identity = await age.generateHybridIdentity();
  console.log(identity);
  console.log(await age.identityToRecipient(identity));
} else if (verb === "seal") {
  const encrypter = new age.Encrypter();
  encrypter.addRecipient(argument);
  put(await encrypter.encrypt(readFileSync(0)));
} else if (verb === "open") {
  const decrypter = new age.Decrypter();
  // A line that begins with # says nothing, as in every identity file.
  const lines = readFileSync(argument, "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
  lines.forEach((line) => decrypter.addIdentity(line));
  put(await decrypter.decrypt(readFileSync(0)));
} else {
  console.error(`no verb ${verb}`);
  process.exit(2);
}

// All of it, also when a pipe takes less at a time.
function put(bytes) {
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(1, bytes, at);
  }
}
