// Texts of this area in both languages; English has the keys of Chinese by its type.
export const zh = {} as const;

export const en: Record<keyof typeof zh, string> = {};
