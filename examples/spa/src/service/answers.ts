/** The answers of the service. Whatever else comes is not from it: reading it throws. */

export interface User {
  readonly email: string | null;
  readonly name: string | null;
  readonly pictureUrl: string | null;
}

export interface Post {
  readonly id: number;
  readonly title: string;
  readonly author: string;
}

export function readUser(answer: unknown): User | null {
  if (answer === null) {
    return null;
  }
  const { email, name, pictureUrl } = record(answer);
  return {
    email: textOrNull(email),
    // "{{user.first_name}} {{user.last_name}}" is a space for somebody who has neither.
    name: textOrNull(name)?.trim() || null,
    pictureUrl: textOrNull(pictureUrl),
  };
}

export function readBoolean(answer: unknown): boolean {
  if (typeof answer !== "boolean") {
    throw new TypeError("no boolean");
  }
  return answer;
}

export function readTokenIdentifier(answer: unknown): string {
  return text(record(answer).tokenIdentifier);
}

export function readPosts(answer: unknown): Post[] {
  if (!Array.isArray(answer)) {
    throw new TypeError("no list");
  }
  return answer.map((post) => {
    const { id, title, author } = record(post);
    if (!Number.isSafeInteger(id)) {
      throw new TypeError("no id");
    }
    return { id: Number(id), title: text(title), author: text(author) };
  });
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    throw new TypeError("no object");
  }
  return value as Record<string, unknown>;
}

function text(value: unknown): string {
  if (typeof value !== "string") {
    throw new TypeError("no text");
  }
  return value;
}

function textOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : text(value);
}
