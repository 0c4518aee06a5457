// Boots a system in the backend that the first argument names, prints `up`, and waits until it is killed.
import { backends } from "../../../src/isolation/backends.ts";
import { bootHere } from "../boot-here.ts";

const backend = backends.find(({ name }) => name === process.argv[2]);
if (!backend) throw new Error(`No backend ${process.argv[2]}`);
const { system } = await bootHere(backend);
await system.run({
  script: "(setsid sleep 5551 > /dev/null 2>&1 &); echo up; sleep 5552",
  onOutput: () => process.stdout.write("up\n"),
});
