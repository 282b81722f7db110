// What the studio's page and its worker say to each other; the words are those of `engine.ts`.

export type Question = { kind: 'check'; document: string } | { kind: 'version' };

export type Asked = Question & { ticket: number };

/** `wrong`: the engine itself failed; problems of a design are a value. */
export type Answer = { ticket: number; value: unknown } | { ticket: number; wrong: string };
