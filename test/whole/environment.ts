import { afterAll } from "vitest";

/** Files share a worker: the next one starts with the environment and the working directory that this one started with. */
const environment = { ...process.env };
const folder = process.cwd();

afterAll(() => {
  // In place: vi.stubEnv keeps the object.
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  process.chdir(folder);
});
