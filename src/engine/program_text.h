// Internal. Text of functions as programs wrote it: the loader changes files before they run
// (lib/internal/modules/edits.js), and the engine shows what it runs, in functions' toString() and
// in its messages.
//
// A change has marks that no program writes: /*$<BEFORE*/NEW/*$>*/ for NEW in place of BEFORE, and
// X/*$=M,N,BEFORE*/Y for M and N code units in place of BEFORE.
#pragma once

#include <string>
#include <string_view>

namespace sluice::js {

// HasChanges returns whether there may be a mark in a text.
bool HasChanges(std::u16string_view text);
// ProgramText returns a text without changes. Messages quote parts of the code in apostrophes: a
// change that is not there as a whole ends at one of them.
std::u16string ProgramText(std::u16string_view text);

}  // namespace sluice::js
