// One question at a time before something that cannot be taken back; `shell/AskHost.vue` shows it. Always true: every
// question is answered once, with no where it is closed or another one takes its place.
import { shallowRef } from "vue";

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** A class of base.css; the value says the same without it. */
  readonly tone?: "up" | "down" | "warn";
}

export interface Question {
  readonly title: string;
  /** What it is about, as names and values; the first one stands out. */
  readonly facts?: readonly Fact[];
  /** Lines of it. */
  readonly text: readonly string[];
  /** What the answer does, in the button. */
  readonly yes: string;
  readonly danger?: boolean;
  /** A box to tick below the lines; `take` is called where the answer is yes and it is ticked. */
  readonly box?: { readonly label: string; take(): void };
}

export interface Asked extends Question {
  answer(yes: boolean): void;
}

export const asked = shallowRef<Asked | null>(null);

export function ask(question: Question): Promise<boolean> {
  asked.value?.answer(false);
  return new Promise((resolve) => {
    const mine: Asked = {
      ...question,
      answer: (yes) => {
        if (asked.value === mine) asked.value = null;
        resolve(yes);
      },
    };
    asked.value = mine;
  });
}
