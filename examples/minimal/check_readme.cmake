# Fails unless README contains the text of PROGRAM.
file(READ "${README}" readme)
file(READ "${PROGRAM}" program)
string(FIND "${readme}" "${program}" at)
if(at EQUAL -1)
  message(FATAL_ERROR "the program in README.md is not that of ${PROGRAM}")
endif()
