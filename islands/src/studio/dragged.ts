// The kind of what is dragged from the palette, so that nothing else is taken for it.
export const DRAGGED = 'application/x-octo-kind';
