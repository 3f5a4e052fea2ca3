;; Each table could be, but not all of them.
;; error: tables up to number 4 have more than 40000000 elements together
(module (table 10000000 funcref) (table 10000000 funcref) (table 10000000 funcref) (table 10000000 funcref) (table 1 funcref) (func (export "_start")))
