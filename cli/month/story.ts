/** When the month begins, and when it is over. */
export const begin = Date.UTC(2026, 3, 1, 8);
export const days = 30;
export const end = begin + days * 86_400_000;

/** What people ask for during the month; everything else happens by itself. */
export const requests = [
  { at: begin, image: "al2023-base", requestedBy: "ada" },
  { at: begin, image: "ubuntu-2404-base", requestedBy: "ada" },
  { at: Date.UTC(2026, 3, 9, 9), image: "ubuntu-2404-base", requestedBy: "grace" },
  { at: Date.UTC(2026, 3, 20, 9), image: "ubuntu-2404-base", requestedBy: "grace" },
  // While that build is under way: it waits, and starts when the build has ended.
  { at: Date.UTC(2026, 3, 20, 9, 10), image: "ubuntu-2404-base", requestedBy: "linus" },
] as const;
